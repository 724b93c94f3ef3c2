using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Python.Runtime;

[assembly: AssemblyFixture(typeof(Klock.Python.Tests.Interpreter))]

namespace Klock.Python.Tests;

/// <summary>CPython in this process, with the wheel of dist/ on its path.</summary>
public sealed partial class Interpreter : IDisposable
{
    private const string AskLibrary = """
        import os, sysconfig
        print(os.path.join(sysconfig.get_config_var("LIBDIR") or "", sysconfig.get_config_var("INSTSONAME") or ""))
        """;

    private const string Driver = """
        import json
        from klock import KlockClient, KlockError

        def opened(storage):
            return KlockClient(storage)

        def ask(client, verb, arguments):
            try:
                return json.dumps(getattr(client, verb)(**json.loads(arguments)))
            except KlockError as error:
                return json.dumps({"code": error.code, "error": error.message})
        """;

    private readonly string _site = Directory.CreateTempSubdirectory("klock-wheel-").FullName;

    /// <summary>Starts it, if the machine has a shared library of Python.</summary>
    public Interpreter()
    {
        if (FindLibrary() is not { } library)
        {
            return;
        }

        // What an installer lays down of a wheel is what is in it (binary distribution format, PEP 427).
        string wheel = Directory.GetFiles(Path.Combine(Top(), "dist", "python"), "klock-*.whl").Single();
        ZipFile.ExtractToDirectory(wheel, _site);
        Runtime.PythonDLL = library;

        // Before pythonnet's own handler, which finalizes Python. Threads of Python still run, and now and then that aborts the process.
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => ExitNow(Environment.ExitCode);
        PythonEngine.Initialize();
        PythonEngine.BeginAllowThreads();
        using (Py.GIL())
        {
            using PyObject path = Py.Import("sys").GetAttr("path");
            path.InvokeMethod("insert", new PyInt(0), new PyString(_site)).Dispose();
            Module = PyModule.FromString("klock_driver", Driver);
        }
    }

    /// <summary>What drives the wheel; null where there is no Python to be embedded.</summary>
    public PyObject? Module { get; }

    /// <summary>The interpreter stays: it ends with the process, as one that holds another runtime's threads must.</summary>
    public void Dispose() => Directory.Delete(_site, recursive: true);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int code);

    private static string? FindLibrary() =>
        new[] { "python3", "/usr/bin/python3" }.Select(python => Output(python, "-c", AskLibrary).Trim())
            .FirstOrDefault(path => path.Contains(".so", StringComparison.Ordinal) && File.Exists(path));

    private static string Output(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    private static string Top()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Klock.sln")))
        {
            folder = folder.Parent;
        }

        return folder!.FullName;
    }
}
