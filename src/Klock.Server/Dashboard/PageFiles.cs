using System.IO.Compression;
using System.Reflection;

namespace Klock.Server.Dashboard;

/// <summary>The files of the page, which are inside the program. Read when they are asked for first. Thread-safe.</summary>
internal sealed class PageFiles(Assembly program)
{
    /// <summary>The page itself.</summary>
    public const string Index = "index.html";

    private const string Folder = "dashboard/";
    private const string BrotliEnd = ".br";
    private const string GzipEnd = ".gz";

    private readonly Lazy<Dictionary<string, PageFile>> _files = new(() => Read(program));

    /// <summary>The file of a name such as <c>assets/x.js</c>; null when there is none.</summary>
    public PageFile? Find(string name) => _files.Value.GetValueOrDefault(name);

    private static Dictionary<string, PageFile> Read(Assembly program)
    {
        var files = new Dictionary<string, PageFile>(StringComparer.Ordinal);
        foreach (string resource in program.GetManifestResourceNames())
        {
            if (resource.StartsWith(Folder, StringComparison.Ordinal) && resource.EndsWith(GzipEnd, StringComparison.Ordinal))
            {
                string name = resource[Folder.Length..^GzipEnd.Length];
                byte[] gzip = Bytes(program, resource);
                files.Add(name, new PageFile(
                    MediaTypeOf(name), Bytes(program, Folder + name + BrotliEnd), gzip, Decompress(gzip)));
            }
        }

        return files;
    }

    private static byte[] Bytes(Assembly program, string resource)
    {
        using Stream stream = program.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The program has no {resource}.");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static byte[] Decompress(byte[] gzip)
    {
        using var unzip = new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        unzip.CopyTo(plain);
        return plain.ToArray();
    }

    private static string MediaTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".json" => "application/json",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".ico" => "image/x-icon",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
}
