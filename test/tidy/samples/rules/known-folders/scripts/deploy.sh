# A folder that the architecture does not know.
