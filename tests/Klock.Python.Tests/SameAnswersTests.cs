using CsCheck;
using Python.Runtime;

namespace Klock.Python.Tests;

/// <summary>
/// What a Python program gets from the wheel, from the library that is compiled ahead of time in it, is field by field what the managed
/// coordinator says to the same requests in the same process.
/// </summary>
public sealed class SameAnswersTests(Interpreter interpreter)
{
    [Fact]
    public void In_memory() => Asked.Any.List[1, 60].Sample(all => Same(all, "memory", "memory"), iter: 150, threads: 1);

    [Fact]
    public void On_a_file()
    {
        string folder = Directory.CreateTempSubdirectory("klock-python-").FullName;
        try
        {
            int history = 0;
            Asked.Any.List[1, 40].Sample(
                all =>
                {
                    history++;
                    Same(
                        all, $"sqlite:{Path.Combine(folder, $"python{history}.db")}",
                        $"sqlite:{Path.Combine(folder, $"managed{history}.db")}");
                },
                iter: 30,
                threads: 1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_long_history() => Asked.Any.List[2_000, 2_000].Sample(all => Same(all, "memory", "memory"), iter: 2, threads: 1);

    private void Same(List<Asked> all, string pythonStorage, string managedStorage)
    {
        Assert.SkipWhen(interpreter.Module is null, "There is no shared library of Python to be embedded (Debian: libpython3-dev).");
        PyObject module = interpreter.Module!;
        using var python = new Recorded(new PythonSide(module, pythonStorage));
        using var managed = new Recorded(new ManagedSide(managedStorage));
        foreach (Asked asked in all)
        {
            string expected = managed.Ask(asked), actual = python.Ask(asked);
            string differ = $"{asked.Verb} {asked.Json}\nmanaged: {From(expected, actual)}\npython:  {From(actual, expected)}";
            Assert.True(expected == actual, differ);
        }

        Assert.Equal(managed.Granted, python.Granted);
    }

    // From a little before where it differs.
    private static string From(string text, string other) => text[Math.Max(0, text.AsSpan().CommonPrefixLength(other) - 60)..];
}
