using System.Buffers;
using System.CommandLine;
using System.Text.Json;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Client.Places;

namespace Klock.Cli.Verbs;

/// <summary>Tells where the state is that the other verbs work on, and why there.</summary>
internal static class WhereVerb
{
    public static Command Create()
    {
        var verb = new Command("where", "Tell which store or server the other verbs use here, and why.");
        CommonOptions.AddTo(verb);
        verb.SetAction(Run);
        return verb;
    }

    private static int Run(ParseResult result)
    {
        Address address = CommonOptions.AddressOf(result, asked: []);
        string kind = address.Kind switch { AddressKind.Server => "server", AddressKind.Socket => "socket", _ => "storage" };
        if (result.GetValue(CommonOptions.Json))
        {
            Out.Write(ToJson(kind, address));
        }
        else
        {
            Out.Table(new Table("", ["KIND", "ADDRESS", "WHY"], [[kind, address.Text, address.Why]]));
        }

        return ExitCode.Done;
    }

    private static ReadOnlySpan<byte> ToJson(string kind, Address address)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("success", true);
            json.WriteStartObject("data");
            json.WriteString("kind", kind);
            json.WriteString("address", address.Text);
            json.WriteString("why", address.Why);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }
}
