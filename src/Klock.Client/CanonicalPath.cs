
using Klock.Client.Places;
using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Client;

/// <summary><see cref="Locator"/> as a request: what <c>klock_canonical_path</c> answers.</summary>
public static class CanonicalPath
{
    /// <summary>
    /// Answers <c>{"path","cwd"?}</c> with <c>data:{"resource_path","root","namespace","store"}</c>; what does not exist is null.
    /// </summary>
    /// <param name="request">The request, a JSON object in UTF-8.</param>
    /// <param name="reply">Is cleared, then gets the answer.</param>
    public static void Execute(ReadOnlySpan<byte> request, Reply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        reply.Clear();
        try
        {
            (string path, string? cwd) = Read(new RequestFields(request));
            Write(Locator.Locate(path, cwd, Environment.GetEnvironmentVariable), reply, cwd);
        }
        catch (KlockException problem)
        {
            Answers.WriteError(reply, problem.Code, problem.Message);
        }
    }

    private static void Write(Location location, Reply reply, string? cwd)
    {
        string? store = AutoStorage.Choose(location, cwd, Environment.GetEnvironmentVariable)?.Uri;
        string? name = location.Namespace();
        var json = new JsonText(reply.Writer);
        Answers.StartData(ref json);
        json.WriteString("resource_path"u8, location.ResourcePath);
        json.WriteString("root"u8, location.Root);
        json.WriteString("namespace"u8, name);
        json.WriteString("store"u8, store);
        reply.Outcome = Answers.EndData(ref json);
        json.Finish();
    }

    private static (string Path, string? Cwd) Read(in RequestFields request)
    {
        string path = Fields.Path.Read(request);
        string? cwd = Fields.Cwd.ReadOptional(request);
        return path.Contains('\0', StringComparison.Ordinal) || cwd?.Contains('\0', StringComparison.Ordinal) == true
            ? throw Field.Invalid("path or cwd contains a control character.")
            : (path, cwd);
    }
}
