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
        JsonElement place = ToJson(CommonOptions.AddressOf(result, asked: []));
        if (result.GetValue(CommonOptions.Json))
        {
            Out.Line($"{{\"success\":true,\"data\":{place.GetRawText()}}}");
        }
        else
        {
            Out.Table(Tables.Where(place));
        }

        return ExitCode.Done;
    }

    /// <summary>An address in the shape of an answer.</summary>
    public static JsonElement ToJson(Address address)
    {
        string kind = address.Kind switch { AddressKind.Server => "server", AddressKind.Socket => "socket", _ => "storage" };
        return JsonDocument.Parse(Request.Of(("kind", kind), ("address", address.Text), ("why", address.Why))).RootElement;
    }
}
