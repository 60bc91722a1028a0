"""Adds a step to what MiniStack's CloudFormation does with a resource type, for repairs of
properties it ignores.
"""

from patching import RepairError


def after_create_and_update(handlers, kind, step):
    """Run `step(physical_id, properties)` each time a resource of `kind` was created or updated
    from a template.
    """
    if kind not in handlers:
        raise RepairError(f"the CloudFormation handlers have no resource type {kind!r}")
    handler = handlers[kind]
    create, update = handler["create"], handler["update"]

    def create_and_step(logical_id, properties, stack_name):
        made = create(logical_id, properties, stack_name)
        step(_physical_id(made), properties)
        return made

    def update_and_step(physical_id, old_properties, new_properties, *rest, **named):
        made = update(physical_id, old_properties, new_properties, *rest, **named)
        step(_physical_id(made), new_properties)
        return made

    handler.update(create=create_and_step, update=update_and_step)


def _physical_id(made):
    return made[0] if isinstance(made, tuple) else made
