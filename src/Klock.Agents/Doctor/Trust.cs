using System.Text.Json;
using Klock.Agents.Clients;
using Klock.Agents.Install;

namespace Klock.Agents.Doctor;

/// <summary>Whether a client runs hooks that are installed: some skip those of a folder in silence until the user trusts it.</summary>
internal static class Trust
{
    /// <summary>What the user still has to do; null when nothing is known to be missing.</summary>
    /// <param name="installer">The client.</param>
    /// <param name="scope">Where its hooks are installed.</param>
    /// <param name="home">The user's home.</param>
    /// <param name="isSkipped">Whether the client skips the hooks until then.</param>
    public static string? Missing(IInstaller installer, InstallScope scope, string home, out bool isSkipped)
    {
        string? missing = Missing(installer, scope, home);

        // Claude Code asks by itself, and its headless runs do not need it.
        // Where Copilot keeps its trust is not known.
        isSkipped = missing is not null && installer.Name is not ("claude" or "copilot");
        return missing;
    }

    private static string? Missing(IInstaller installer, InstallScope scope, string home) => installer.Name switch
    {
        // Each reviewed hook is kept by the file that it stands in, with the hash of what was reviewed.
        "codex" => Read(Path.Combine(home, ".codex", "config.toml"))?.Contains(
            $"{Path.Combine(scope.Folder, ".codex", "hooks.json")}:pre_tool_use:", StringComparison.Ordinal) == true ? null
            : "Codex skips hooks in silence until they are reviewed: start codex here, type /hooks, and trust them",
        "gemini" when !scope.IsUser => IsTrustedByGemini(scope, home) ? null
            : "Gemini CLI skips the hooks of a folder in silence until it is trusted: start gemini here and type /permissions",
        "claude" when !scope.IsUser => IsTrustedByClaude(scope, home) ? null
            : "Claude Code runs the hooks of a folder once it is trusted: start claude here and say yes (claude -p does not ask)",
        "copilot" when !scope.IsUser =>
            "Copilot CLI skips the hooks of a folder in silence until it is trusted: it asks at its start there",
        _ => null,
    };

    private static bool IsTrustedByGemini(InstallScope scope, string home)
    {
        JsonElement? folders = Parse(Read(Path.Combine(home, ".gemini", "trustedFolders.json")));
        for (string? at = scope.Folder; at is not null; at = Path.GetDirectoryName(at))
        {
            string? trust = folders?.Text(at);
            if (trust == "TRUST_FOLDER" || (trust == "TRUST_PARENT" && at == scope.Folder))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsTrustedByClaude(InstallScope scope, string home) =>
        Parse(Read(Path.Combine(home, ".claude.json")))?.Field("projects").Field(scope.Folder).Field("hasTrustDialogAccepted").ValueKind
            == JsonValueKind.True;

    private static string? Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static JsonElement? Parse(string? text)
    {
        try
        {
            return text is null ? null : JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
