using System.Formats.Tar;
using System.IO.Compression;
using Klock.Build.Making;

namespace Klock.Build.Releasing;

/// <summary>
/// klock-VERSION-MACHINE.tar.gz: one folder of that name with bin, lib, include, share and LICENSE. Same input, same bytes: neither the
/// clock nor who builds gets into it.
/// </summary>
internal static class Tarball
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable =
        Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly string[] _sameForAll = ["include", "lib/pkgconfig", "lib/cmake", "share"];

    /// <summary>Its name without an ending, and the folder in it.</summary>
    public static string NameFor(Machine machine) => $"klock-{Repo.Version}-{machine.Name}";

    /// <summary>Writes it into a folder.</summary>
    public static async Task WriteAsync(Machine machine, string folder, CancellationToken cancel)
    {
        string name = NameFor(machine);
        SortedDictionary<string, string> files = new(StringComparer.Ordinal)
        {
            ["LICENSE"] = Repo.At("LICENSE"),
            ["lib/" + Path.GetFileName(machine.Library)] = machine.Library,
        };
        foreach (string program in machine.Programs)
        {
            files["bin/" + Path.GetFileName(program)] = program;
        }

        foreach (string file in _sameForAll.SelectMany(
            part => Directory.GetFiles(Path.Combine(Repo.Dist, part), "*", SearchOption.AllDirectories)))
        {
            files[Path.GetRelativePath(Repo.Dist, file).Replace('\\', '/')] = file;
        }

        await using FileStream output = File.Create(Path.Combine(folder, name + ".tar.gz"));
        await using GZipStream packed = new(output, CompressionLevel.SmallestSize);
        await using TarWriter tar = new(packed, TarEntryFormat.Ustar);
        foreach ((string path, string from) in files)
        {
            bool isProgram = path.StartsWith("bin/", StringComparison.Ordinal) || from == machine.Library;
            await using FileStream content = File.OpenRead(from);
            UnixFileMode mode = isProgram ? Executable : Readable;
            await tar.WriteEntryAsync(Entry(TarEntryType.RegularFile, $"{name}/{path}", mode, content), cancel);
        }

        if (machine.IsLinux)
        {
            UstarTarEntry link = Entry(TarEntryType.SymbolicLink, $"{name}/lib/{NativeLibrary.Soname}", Executable, null);
            link.LinkName = Path.GetFileName(machine.Library);
            await tar.WriteEntryAsync(link, cancel);
        }
    }

    private static UstarTarEntry Entry(TarEntryType kind, string path, UnixFileMode mode, Stream? content)
    {
        UstarTarEntry entry = new(kind, path) { Mode = mode, ModificationTime = DateTimeOffset.UnixEpoch };
        if (content is not null)
        {
            entry.DataStream = content;
        }

        return entry;
    }
}
