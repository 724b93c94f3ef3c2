"""Makes the demo's modules and this checkout's klock importable for the tests."""
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "examples" / "demo"), str(TOP / "bindings" / "python" / "src")]
