"""A decorator of the shape of LangChain's ``tool``, for machines that cannot get LangChain.

It makes of a function an object with its name, its docstring and its arguments by name, which is invoked with one dict: what an agent
framework needs of a function, and what a decorator beneath it must leave as it was.
"""

import inspect


class Tool:
    def __init__(self, function):
        self.name = function.__name__
        self.description = inspect.getdoc(function)
        self.args = {name: {"type": parameter.annotation.__name__} for name, parameter in inspect.signature(function).parameters.items()}
        self._function = function

    def invoke(self, given):
        return self._function(**given)


def tool(function):
    return Tool(function)
