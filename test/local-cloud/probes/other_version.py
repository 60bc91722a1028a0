"""What the launcher does with another version of MiniStack than the one it was written for."""

import stage  # noqa: F401  (makes the launcher importable)

import launch

launch.MINISTACK_VERSION = "0.0.1"
launch.main()
