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
using Klock.Client.Places;

namespace Klock.Cli.Verbs;

/// <summary>Examines whether the coding agents that are used here are protected, and proves it.</summary>
internal static class DoctorVerb
{
    public static Command Create()
    {
        var verb = new Command(
            "doctor", "Examine whether the coding agents used here are protected: the hook before tools is run, and must block.")
        {
            CommonOptions.Json,
        };
        verb.SetAction(Run);
        return verb;
    }

    private static int Run(ParseResult result)
    {
        InstallScope? user = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("HOME")) ? null : InstallScopes.Of(isUser: true);
        IReadOnlyList<Finding> findings = new Examination(InstallScopes.Of(isUser: false), user, InstallScopes.OnPath).Run();
        Location here = Locator.Here(cwd: null, Environment.GetEnvironmentVariable);
        HookSettings settings = HookOptions.Read(WorkingDirectory.Current().Path, Environment.GetEnvironmentVariable);
        bool isOn = settings.IsOn;
        IReadOnlyList<(string Name, long Count, long AtMs)> counts = CountsOf(here.Place);
        if (result.GetValue(CommonOptions.Json))
        {
            Out.Line(ToJson(findings, here.Place, counts, isOn));
        }
        else
        {
            Show(findings, here.Place, counts, isOn);
            if (settings.FencesShell)
            {
                Out.Line(ShellText());
            }
        }

        return isOn && findings.All(finding => finding.Problem is null) ? ExitCode.Done : ExitCode.NotProtected;
    }

    private static string ShellText()
    {
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
        IReadOnlyList<Finding> findings, StorePlace? place, IReadOnlyList<(string Name, long Count, long AtMs)> counts, bool isOn)
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

        Out.Line($"store: {place?.Storage ?? "none, because HOME is not set"}");
        foreach ((string name, long count, long atMs) in counts)
        {
            Out.Line($"{name}: {count}, last {TimeText.Short(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - atMs)} ago");
        }
    }

    private static string ToJson(
        IReadOnlyList<Finding> findings, StorePlace? place, IReadOnlyList<(string Name, long Count, long AtMs)> counts, bool isOn)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("success"u8, true);
            json.WriteStartObject("data"u8);
            json.WriteBoolean("hooks_on"u8, isOn);
            json.WriteString("store"u8, place?.Storage);
            json.WriteStartArray("clients"u8);
            foreach (Finding finding in findings)
            {
                Write(json, finding);
            }

            json.WriteEndArray();
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
