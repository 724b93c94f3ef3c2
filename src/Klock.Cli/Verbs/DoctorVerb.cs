using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Klock.Agents.Calling;
using Klock.Agents.Doctor;
using Klock.Agents.Install;
using Klock.Agents.Memory;
using Klock.Agents.Settings;
using Klock.Cli.Failures;
using Klock.Cli.Hooks;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Cli.Running;
using Klock.Cli.Transports;
using Klock.Client.Places;

namespace Klock.Cli.Verbs;

/// <summary>Examines whether the coding agents that are used here are protected, and proves it.</summary>
internal static class DoctorVerb
{
    public static Command Create()
    {
        var verb = new Command(
            "doctor", "Examine whether coding agents and commits are protected here: the hooks before them are run, and must block.")
        {
            CommonOptions.Json,
        };
        verb.SetAction(Run);
        return verb;
    }

    private static int Run(ParseResult result)
    {
        InstallScope? user = UserHome.In(Environment.GetEnvironmentVariable) is null ? null : InstallScopes.Of(isUser: true);
        InstallScope project = InstallScopes.Of(isUser: false);
        IReadOnlyList<Finding> findings = new Examination(project, user, InstallScopes.OnPath).Run();
        GitFinding? git = GitExamination.Run(project);
        Location here = Locator.Here(cwd: null, Environment.GetEnvironmentVariable);
        HookSettings settings = HookSettings.In(WorkingDirectory.Current().Path, Environment.GetEnvironmentVariable);
        bool isOn = settings.IsOn;
        IReadOnlyList<(string Name, long Count, long AtMs)> counts = CountsOf(here.Place);
        Address? named = AddressChooser.FromEnvironment(Environment.GetEnvironmentVariable, WorkingDirectory.Current());
        IReadOnlyList<JsonElement> servers = named is null ? [] : ServerStates.Of(named);
        UsedStore store = UsedStore.Of(named, here.Place);
        if (result.GetValue(CommonOptions.Json))
        {
            Out.Line(ToJson(findings, git, store, servers, counts, isOn));
        }
        else
        {
            Show(findings, git, store, servers, counts, isOn);
            if (settings.FencesShell)
            {
                Out.Line(ShellText());
            }
        }

        // Who did not ask for git's hooks need not have them.
        bool isGitWell = git is null or { Where: null } or { Problem: null };
        bool isProtected = isOn && isGitWell && store.Problem is null && findings.All(finding => finding.Problem is null);
        return isProtected ? ExitCode.Done : ExitCode.NotProtected;
    }

    private static string ShellText()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "shell: fence is available on Linux only: shell commands of agents are not run";
        }

        string open = string.Join(", ", ClientTable.All.Where(client => !client.CanReplaceCommands).Select(client => client.Name));
        try
        {
            FenceKind.Find();
            return $"shell: fence; commands of {open} are compared afterwards";
        }
        catch (CliFailure none)
        {
            return $"shell: {none.Message}";
        }
    }

    private static IReadOnlyList<(string Name, long Count, long AtMs)> CountsOf(StorePlace? place)
    {
        if (place is null || !File.Exists(AgentMemory.PathIn(place)))
        {
            return [];
        }

        using var memory = AgentMemory.Open(place);
        return memory.Counts();
    }

    private static void Show(
        IReadOnlyList<Finding> findings, GitFinding? git, UsedStore store, IReadOnlyList<JsonElement> servers,
        IReadOnlyList<(string Name, long Count, long AtMs)> counts, bool isOn)
    {
        if (!isOn)
        {
            Out.Line("NOT protected: the hooks are turned off (klock config shows where)");
        }

        if (findings.Count == 0)
        {
            Out.Line("No coding agent was found here: neither its program on PATH nor its hooks.");
        }

        foreach (Finding finding in findings)
        {
            string version = finding.Version is null ? "" : $" ({finding.Version})";
            string time = finding.HookMs is { } ms ? string.Create(CultureInfo.InvariantCulture, $", its hook takes {ms:F0} ms") : "";
            string where = finding.Where is null ? "" : $", installed in {finding.Where}";
            Out.Line(finding.Problem is null
                ? $"{finding.Client}{version}: protected{where}{time}"
                : $"{finding.Client}{version}: NOT protected{where}: {finding.Problem}");
            foreach (string warning in finding.Warnings)
            {
                Out.Line($"  {warning}.");
            }
        }

        if (git is not null)
        {
            string where = git.Where is null ? "" : $", hooks in {git.Where}";
            string time = git.HookMs is { } ms ? string.Create(CultureInfo.InvariantCulture, $", a commit takes {ms:F0} ms") : "";
            Out.Line(git.Problem is null
                ? $"git: commits are checked{where}{time}" : $"git: commits are NOT checked{where}: {git.Problem}");
        }

        string trouble = store.Problem is null ? "" : ": NOT usable: " + store.Problem;
        Out.Line($"store: {store.Name ?? $"none, because {UserHome.Variable} is not set"}{trouble}");
        foreach (JsonElement server in servers)
        {
            bool answers = !server.TryGetProperty("problem", out JsonElement problem);
            string url = server.GetProperty("address").GetString()!;
            Out.Line(answers ? $"server: {url} answers" : $"server: {url} does NOT answer: {problem.GetString()}");
        }

        foreach ((string name, long count, long atMs) in counts)
        {
            Out.Line($"{name}: {count}, last {TimeText.Short(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - atMs)} ago");
        }
    }

    private static string ToJson(
        IReadOnlyList<Finding> findings, GitFinding? git, UsedStore store, IReadOnlyList<JsonElement> servers,
        IReadOnlyList<(string Name, long Count, long AtMs)> counts, bool isOn)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("success"u8, true);
            json.WriteStartObject("data"u8);
            json.WriteBoolean("hooks_on"u8, isOn);
            json.WriteString("store"u8, store.Name);
            json.WriteString("store_problem"u8, store.Problem);
            if (servers.Count > 0)
            {
                json.WritePropertyName("servers"u8);
                json.WriteRawValue(ServerStates.ToJson(servers));
            }

            json.WriteStartArray("clients"u8);
            foreach (Finding finding in findings)
            {
                Write(json, finding);
            }

            json.WriteEndArray();
            Write(json, git);
            json.WriteStartObject("counts"u8);
            foreach ((string name, long count, _) in counts)
            {
                json.WriteNumber(name, count);
            }

            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, GitFinding? git)
    {
        if (git is null)
        {
            json.WriteNull("git"u8);
            return;
        }

        json.WriteStartObject("git"u8);
        json.WriteBoolean("checked"u8, git.Problem is null);
        json.WriteString("installed_in"u8, git.Where);
        json.WriteString("problem"u8, git.Problem);
        if (git.HookMs is { } ms)
        {
            json.WriteNumber("commit_ms"u8, Math.Round(ms, 1));
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("client"u8, finding.Client);
        json.WriteString("version"u8, finding.Version);
        json.WriteBoolean("protected"u8, finding.Problem is null);
        json.WriteString("installed_in"u8, finding.Where);
        json.WriteString("problem"u8, finding.Problem);
        json.WriteStartArray("warnings"u8);
        foreach (string warning in finding.Warnings)
        {
            json.WriteStringValue(warning);
        }

        json.WriteEndArray();
        if (finding.HookMs is { } ms)
        {
            json.WriteNumber("hook_ms"u8, Math.Round(ms, 1));
        }

        json.WriteEndObject();
    }
}
