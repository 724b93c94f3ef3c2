using System.CommandLine;
using System.Text.Json;
using Klock.Cli.Failures;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Cli.Transports;
using Klock.Client.Places;

namespace Klock.Cli.Verbs;

/// <summary>Shows where the state is that the other verbs use, and why there.</summary>
internal static class WhereVerb
{
    public static Command Create()
    {
        var verb = new Command("where", "Show which store or server the other verbs use here, and why.");
        CommonOptions.AddTo(verb);
        verb.SetAction(Run);
        return verb;
    }

    private static int Run(ParseResult result)
    {
        Address address = CommonOptions.AddressOf(result, asked: []);
        JsonElement place = ToJson(address);
        // Which one of several answers is a question; a single one is used in any case.
        IReadOnlyList<JsonElement> servers = ServerStates.IsList(address) ? ServerStates.Of(address) : [];
        if (result.GetValue(CommonOptions.Json))
        {
            string list = servers.Count > 0 ? $",\"servers\":{ServerStates.ToJson(servers)}" : "";
            Out.Line($"{{\"success\":true,\"data\":{place.GetRawText()[..^1]}{list}}}}}");
        }
        else
        {
            Out.Table(Tables.Where(place));
            if (servers.Count > 0)
            {
                Out.Table(Tables.Servers(servers));
            }
        }

        return ExitCode.Done;
    }

    /// <summary>An address in the shape of an answer.</summary>
    public static JsonElement ToJson(Address address)
    {
        string kind = address.Kind switch { AddressKind.Server => "server", AddressKind.Socket => "socket", _ => "storage" };
        string shown = SharedStorage.Shown(address.Text);
        return JsonDocument.Parse(Request.Of(("kind", kind), ("address", shown), ("why", address.Why))).RootElement;
    }
}
