using Klock.Build.Running;
using Klock.Build.Setup;

namespace Klock.Build.Making;

/// <summary>The wheels in dist/python: klock's, which carries the library and the programs, and klock-langchain's.</summary>
internal static class PythonWheel
{
    private static readonly string _folder = Path.Combine(Repo.Dist, "python");

    /// <summary>Makes klock-VERSION-py3-none-TAG.whl and klock_langchain-VERSION-py3-none-any.whl; no older ones stay.</summary>
    public static async Task MakeAsync(CancellationToken cancel)
    {
        string[] made =
        [
            Repo.At("bindings", "python"), .. Machine.Host.Binaries, .. Machine.Host.Licences,
            Repo.At("Directory.Build.props"),
        ];
        Stamp stamp = new("wheel", made, Wheels);
        if (stamp.IsFresh())
        {
            Step.UpToDate("wheel");
            return;
        }

        foreach (string old in Wheels())
        {
            File.Delete(old);
        }

        Directory.CreateDirectory(_folder);
        await Step.RunAsync("wheel", cancel, Maker(Machine.Host, _folder));
        if (Wheels().Length != 2)
        {
            throw new BuildFailure($"[wheel] made {Wheels().Length} wheels in dist/python where two were expected.");
        }

        stamp.Record();
    }

    /// <summary>What makes both wheels for a machine, in a folder that holds no others.</summary>
    public static Child Maker(Machine machine, string folder)
    {
        string[] carried = [.. machine.Programs.SelectMany(program => (string[])["--program", program])];
        return new(Tools.Python, [Repo.At("bindings", "python", "build_wheel.py"),
            "--library", machine.Library, .. carried, "--notices", machine.Notices, "--out", folder, "--version", Repo.Version]);
    }

    private static string[] Wheels() => Directory.Exists(_folder) ? Directory.GetFiles(_folder, "*.whl") : [];
}
