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
    /// <param name="program">The client's program; null when it was not found.</param>
    /// <param name="isSkipped">Whether the client skips the hooks until then.</param>
    public static string? Missing(IInstaller installer, InstallScope scope, string home, string? program, out bool isSkipped)
    {
        string? missing = Missing(installer, scope, home, program);

        // Claude Code asks by itself, and its headless runs do not need it.
        // Where Copilot and Cursor keep their trust is not known.
        isSkipped = missing is not null && installer.Name is not ("claude" or "copilot" or "cursor");
        return missing;
    }

    private static string? Missing(IInstaller installer, InstallScope scope, string home, string? program) => installer.Name switch
    {
        "codex" => MissingOfCodex(scope, home, program),
        "gemini" when !scope.IsUser => IsTrustedByGemini(scope, home) ? null
            : "Gemini CLI skips the hooks of a folder in silence until it is trusted: start gemini here and type /permissions",
        "claude" when !scope.IsUser => IsTrustedByClaude(scope, home) ? null
            : "Claude Code runs the hooks of a folder once it is trusted: start claude here and say yes (claude -p does not ask)",
        "copilot" when !scope.IsUser =>
            "Copilot CLI skips the hooks of a folder in silence until it is trusted: it asks at its start there",
        "cursor" when !scope.IsUser => "Cursor runs the hooks of a folder only in a workspace that is trusted",
        _ => null,
    };

    private static string? MissingOfCodex(InstallScope scope, string home, string? program)
    {
        const string Review = "start codex here, type /hooks, and trust them";
        string file = Path.Combine(scope.Folder, ".codex", "hooks.json");
        if (program is null || CodexHooks.TrustOf(program, scope.Folder, file) is not { } statuses)
        {
            // Each reviewed hook is kept by the file that it stands in, with the hash of what was reviewed.
            return Read(Path.Combine(home, ".codex", "config.toml"))?.Contains($"{file}:pre_tool_use:", StringComparison.Ordinal) == true
                ? null : $"Codex skips hooks in silence until they are reviewed: {Review}";
        }

        return statuses.Count == 0 ? "Codex does not read the hooks of a folder that is not trusted: start codex here and trust it"
            : statuses.Contains("modified") ? $"Codex skips hooks in silence that were changed since they were reviewed: {Review}"
            : statuses.Any(status => status != "trusted") ? $"Codex skips hooks in silence until they are reviewed: {Review}"
            : null;
    }

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
