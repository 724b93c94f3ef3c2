using System.CommandLine;
using System.Text;
using System.Text.Json;
using Klock.Agents.Settings;
using Klock.Cli.Failures;
using Klock.Cli.Hooks;
using Klock.Cli.Options;
using Klock.Cli.Output;

namespace Klock.Cli.Verbs;

/// <summary>Shows the settings in force, and who has set each.</summary>
internal static class ConfigVerb
{
    public static Command Create()
    {
        var verb = new Command("config", "Show the settings of the hooks in force here, and where each comes from.") { CommonOptions.Json };
        verb.SetAction(Run);
        return verb;
    }

    private static int Run(ParseResult result)
    {
        IReadOnlyList<SettingValue> values = SettingValues.Read(InstallScopes.Of(isUser: false).Folder, Environment.GetEnvironmentVariable);
        if (result.GetValue(CommonOptions.Json))
        {
            Out.Line(ToJson(values));
            return ExitCode.Done;
        }

        foreach (SettingValue value in values)
        {
            Out.Line($"{value.Setting.Name} = {value.Value}  ({value.From}; {value.Setting.Meaning}; {value.Setting.Variable})");
        }

        return ExitCode.Done;
    }

    private static string ToJson(IReadOnlyList<SettingValue> values)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("success"u8, true);
            json.WriteStartArray("data"u8);
            foreach (SettingValue value in values)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, value.Setting.Name);
                json.WriteString("value"u8, value.Value);
                json.WriteString("from"u8, value.From);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
