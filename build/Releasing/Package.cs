using System.Formats.Tar;
using System.IO.Compression;
using Klock.Build.Making;

namespace Klock.Build.Releasing;

/// <summary>
/// klock-VERSION-MACHINE.tar.gz, for Windows .zip: one folder of that name with what was compiled, the licences, and where there is a
/// library what its users need. Same input, same bytes: neither the clock nor who builds gets into it.
/// </summary>
internal static class Package
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable =
        Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    // The earliest that a zip file can tell.
    private static readonly DateTimeOffset _noTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The name of its file.</summary>
    public static string FileFor(Machine machine) => FolderFor(machine) + (machine.IsWindows ? ".zip" : ".tar.gz");

    /// <summary>Writes it into a folder.</summary>
    public static async Task WriteAsync(Machine machine, string folder, CancellationToken cancel)
    {
        SortedDictionary<string, string> files = FilesOf(machine);
        await using FileStream output = File.Create(Path.Combine(folder, FileFor(machine)));
        if (machine.IsWindows)
        {
            await ZipAsync(FolderFor(machine), files, output, cancel);
        }
        else
        {
            await TarAsync(machine, files, output, cancel);
        }
    }

    private static string FolderFor(Machine machine) => $"klock-{Repo.Version}-{machine.Name}";

    // By their path in the package.
    private static SortedDictionary<string, string> FilesOf(Machine machine)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string licence in machine.Licences)
        {
            files[Path.GetFileName(licence)] = licence;
        }

        foreach (string binary in machine.Binaries)
        {
            files[PathIn(machine.Folder, binary)] = binary;
        }

        string[] parts = machine.IsLinux ? ["include", "lib/pkgconfig", "lib/cmake", "share"] : machine.IsWindows ? [] : ["share"];
        foreach (string file in parts.SelectMany(
            part => Directory.GetFiles(Path.Combine(Repo.Dist, part), "*", SearchOption.AllDirectories)))
        {
            files[PathIn(Repo.Dist, file)] = file;
        }

        return files;
    }

    private static string PathIn(string folder, string file) => Path.GetRelativePath(folder, file).Replace('\\', '/');

    private static async Task TarAsync(
        Machine machine, SortedDictionary<string, string> files, FileStream output, CancellationToken cancel)
    {
        string name = FolderFor(machine);
        await using GZipStream packed = new(output, CompressionLevel.SmallestSize);
        await using TarWriter tar = new(packed, TarEntryFormat.Ustar);
        foreach ((string path, string from) in files)
        {
            await using FileStream content = File.OpenRead(from);
            UnixFileMode mode = machine.Binaries.Contains(from) ? Executable : Readable;
            await tar.WriteEntryAsync(Entry(TarEntryType.RegularFile, $"{name}/{path}", mode, content), cancel);
        }

        if (machine.IsLinux)
        {
            UstarTarEntry link = Entry(TarEntryType.SymbolicLink, $"{name}/lib/{NativeLibrary.Soname}", Executable, null);
            link.LinkName = Path.GetFileName(machine.Library);
            await tar.WriteEntryAsync(link, cancel);
        }
    }

    private static async Task ZipAsync(
        string name, SortedDictionary<string, string> files, FileStream output, CancellationToken cancel)
    {
        await using ZipArchive zip = new(output, ZipArchiveMode.Create);
        foreach ((string path, string from) in files)
        {
            ZipArchiveEntry entry = zip.CreateEntry($"{name}/{path}", CompressionLevel.SmallestSize);
            entry.LastWriteTime = _noTime;
            await using FileStream content = File.OpenRead(from);
            await using Stream target = await entry.OpenAsync(cancel);
            await content.CopyToAsync(target, cancel);
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
