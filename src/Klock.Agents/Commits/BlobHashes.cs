using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Klock.Agents.Content;
using Klock.Agents.Processes;

namespace Klock.Agents.Commits;

/// <summary>
/// Hashes of what is in git's blobs, as hooks remember them of files. One process of git for all, started when it is needed.
/// </summary>
/// <param name="top">The top of a work tree of the repository.</param>
internal sealed class BlobHashes(string top) : IDisposable
{
    private readonly Dictionary<string, string?> _known = new(StringComparer.Ordinal);
    private readonly byte[] _part = new byte[64 * 1024];
    private Process? _git;

    /// <summary>The hash of a blob's content; <see cref="ContentHash.Missing"/> for none; null when it cannot be told.</summary>
    /// <exception cref="IOException">git fails.</exception>
    public string? Of(string? blob)
    {
        if (blob is null)
        {
            return ContentHash.Missing;
        }

        if (!_known.TryGetValue(blob, out string? hash))
        {
            hash = Read(blob);
            _known.Add(blob, hash);
        }

        return hash;
    }

    /// <summary>Ends git.</summary>
    public void Dispose()
    {
        if (_git is not null)
        {
            _git.StandardInput.Close();
            _git.Dispose();
        }
    }

    // git-cat-file(1): "NAME blob SIZE", a line feed, the content, a line feed; or "NAME missing".
    private string? Read(string blob)
    {
        _git ??= GitProgram.Start(top, ["cat-file", "--batch"]);
        _git.StandardInput.Write($"{blob}\n");
        _git.StandardInput.Flush();
        Stream output = _git.StandardOutput.BaseStream;
        if (Line(output).Split(' ') is not [_, _, var size])
        {
            return null;
        }

        long rest = long.Parse(size, CultureInfo.InvariantCulture);
        bool isHashed = rest <= ContentHash.MaxBytes;
        var hash = new XxHash128();
        while (rest > 0)
        {
            int read = output.Read(_part, 0, (int)Math.Min(rest, _part.Length));
            if (read == 0)
            {
                throw new IOException("git cat-file ended too early");
            }

            hash.Append(_part.AsSpan(0, read));
            rest -= read;
        }

        output.ReadByte();
        return isHashed ? Convert.ToHexStringLower(hash.GetCurrentHash()) : null;
    }

    private static string Line(Stream output)
    {
        var line = new StringBuilder();
        for (int c; (c = output.ReadByte()) != '\n';)
        {
            if (c < 0)
            {
                throw new IOException("git cat-file ended too early");
            }

            line.Append((char)c);
        }

        return line.ToString();
    }
}
