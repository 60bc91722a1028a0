"""Python has its own spelling of file names."""
VALUE = 1
