"""The version of the package, which is the version of the library in it."""

__version__ = "0.3.0"
