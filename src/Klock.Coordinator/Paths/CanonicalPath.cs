using System.Buffers;
using System.Text.Json;
using Klock.Coordinator.Json;
using Klock.Kernel.Resources;

namespace Klock.Coordinator.Paths;

/// <summary>
/// The one way in which facades, command line and hooks name a file, so that all of them, in all worktrees, mean the same one.
/// </summary>
/// <remarks>
/// A path is made absolute from the working directory, freed of symbolic links, and, when it is inside a git repository, made
/// relative to the top of its work tree. Raw calls do nothing of that: they only normalise (KLIS-6).
/// </remarks>
public static class CanonicalPath
{
    private const string Subtree = "**";

    /// <summary>Answers <c>{"path","cwd"?}</c> with <c>data:{"resource_path","root"}</c>; root is null outside a repository.</summary>
    /// <param name="request">The request, a JSON object in UTF-8.</param>
    /// <param name="answer">Is cleared, then gets the answer.</param>
    public static void Execute(ReadOnlySpan<byte> request, ArrayBufferWriter<byte> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        answer.ResetWrittenCount();
        try
        {
            (string path, string cwd) = Read(new RequestFields(request));
            (string resourcePath, string? root) = Of(path, cwd);
            var json = new JsonText(answer);
            Answers.StartData(ref json);
            json.WriteString("resource_path"u8, resourcePath);
            json.WriteString("root"u8, root);
            Answers.EndData(ref json);
            json.Finish();
        }
        catch (JsonException notJson)
        {
            Answers.WriteError(answer, ErrorCode.InvalidRequest, RequestReader.NotJson(notJson).Message);
        }
        catch (KlockException problem)
        {
            Answers.WriteError(answer, problem.Code, problem.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Answers.WriteError(answer, ErrorCode.InvalidRequest, $"path cannot be followed: {failure.Message}");
        }
    }

    /// <summary>The canonical path of a file or of a subtree (<c>dir/**</c>), and the top of the work tree it is in.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: no such path can be.</exception>
    public static (string ResourcePath, string? Root) Of(string path, string cwd)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(cwd);
        string trimmed = path.Trim().TrimEnd(Path.DirectorySeparatorChar);
        bool isSubtree = trimmed == Subtree || trimmed.EndsWith("/" + Subtree, StringComparison.Ordinal);
        string named = isSubtree ? trimmed[..^Subtree.Length] : path.Trim();
        string real = RealPath.Resolve(Path.Combine(Path.GetFullPath(cwd), named));
        string? root = RepositoryTop(real);
        string file = root is null ? real : Path.GetRelativePath(root, real);
        return (Normal(isSubtree ? Path.Combine(file, Subtree) : file), root);
    }

    /// <summary>
    /// The canonical path of a resource of any type: of a file and of a symbol's file it is made canonical, any other stays as it is.
    /// </summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: no such path can be.</exception>
    public static string OfResource(ResourceType type, string path, string cwd)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (type == ResourceType.File)
        {
            return Of(path, cwd).ResourcePath;
        }

        return type == ResourceType.Symbol && SymbolText.Split(path, cwd) is (string file, string name)
            ? $"{Of(file, cwd).ResourcePath}#{name}"
            : path;
    }

    private static string Normal(string path) => Resource.TryCreate(ResourceType.File, path, out Resource? resource, out string? problem)
        ? resource!.Path
        : throw Field.Invalid($"path {problem}.");

    // A work tree's top has a .git: a directory in the main one, a file in the others.
    private static string? RepositoryTop(string real)
    {
        for (string? directory = real; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (Path.Exists(Path.Combine(directory, ".git")))
            {
                return directory;
            }
        }

        return null;
    }

    private static (string Path, string Cwd) Read(in RequestFields request)
    {
        string path = Fields.Path.Read(request);
        string cwd = Fields.Cwd.ReadOptional(request) ?? Environment.CurrentDirectory;
        return path.Contains('\0', StringComparison.Ordinal) || cwd.Contains('\0', StringComparison.Ordinal)
            ? throw Field.Invalid("path or cwd contains a control character.")
            : (path, cwd);
    }
}
