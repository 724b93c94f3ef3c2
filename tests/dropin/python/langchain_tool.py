"""A tool of an agent framework. With LangChain installed the first import is ``from langchain_core.tools import tool``."""

from langchain_shape import tool

from klock import KlockClient
from klock_langchain import KlockConflictError
from klock_langchain.tool import klock_protected

klock = KlockClient()
klock.register_agent("writer", 200)
klock.register_agent("other", 100)


@tool
@klock_protected(
    klock_client=klock,
    agent_id="writer",
    session_id="session-1",
    resource_type="FILE",
    resource_path_extractor=lambda kwargs: kwargs["file_path"],
    predicate="MUTATES",
    max_retries=1,
)
def write_file(file_path: str, content: str) -> str:
    """Write content to a file."""
    with open(file_path, "w", encoding="utf-8") as file:
        file.write(content)
    return f"Wrote {len(content)} characters"


print(write_file.name, "-", write_file.description)
print(write_file.args)
print(write_file.invoke({"file_path": "a.txt", "content": "hello"}))
lease = klock.acquire_lease("other", "session-2", "FILE", "a.txt", "MUTATES", 60000)
try:
    write_file.invoke({"file_path": "a.txt", "content": "lost"})
except KlockConflictError as error:
    print("refused:", error.reason)
print(open("a.txt", encoding="utf-8").read())

# It prints:
#   write_file - Write content to a file.
#   {'file_path': {'type': 'str'}, 'content': {'type': 'str'}}
#   Wrote 5 characters
#   refused: DIE
#   hello
