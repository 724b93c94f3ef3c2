using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Klock.Server.Startup;
using Microsoft.Extensions.Logging;

namespace Klock.Server.Options;

/// <summary>Checks the values of flags; whatever is wrong is a sentence that names the flag and what is allowed.</summary>
internal static class OptionValues
{
    // sockaddr_un has room for 108 bytes, and the text ends with a zero.
    private const int LongestSocketPathBytes = 107;

    /// <summary>An integer between limits.</summary>
    public static int Integer(ArgumentResult result, int min, int max)
    {
        string text = result.Tokens[0].Value;
        if (!int.TryParse(text, out int value) || value < min || value > max)
        {
            result.AddError($"{Flag(result)} is '{text}': it must be an integer from {min} to {max}");
        }

        return value;
    }

    /// <summary>Any text but the empty one.</summary>
    public static string? NonEmpty(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (text.Length == 0)
        {
            result.AddError($"{Flag(result)} is empty: it must name something");
        }

        return text;
    }

    /// <summary>A flag that takes one of a few words.</summary>
    public static Option<string> OneOf(string flag, string description, string usual, params string[] words) => new(flag)
    {
        Description = description,
        HelpName = string.Join('|', words),
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!words.Contains(text))
            {
                result.AddError($"{Flag(result)} is '{text}': it must be one of {string.Join(", ", words)}");
            }

            return text;
        },
    };

    /// <summary>The address to listen on: the given one, else open with a key and local without.</summary>
    public static IPAddress Address(string? host, bool hasKey)
    {
        if (host is null)
        {
            return hasKey ? IPAddress.Any : IPAddress.Loopback;
        }

        if (host == "localhost")
        {
            return IPAddress.Loopback;
        }

        if (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address))
        {
            return address;
        }

        try
        {
            return Dns.GetHostAddresses(host).First();
        }
        catch (Exception unknown) when (unknown is SocketException or ArgumentException or InvalidOperationException)
        {
            throw new StartFailure($"--host is '{host}', which has no address: it must be an IP address or a name of this machine.",
                unknown);
        }
    }

    /// <summary>The words of a variable, which commas separate; none when it is not set.</summary>
    public static string[] List(string? text) =>
        text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>Names as they are in a Host header, but without the port: any port is allowed.</summary>
    /// <param name="source">The flag or variable that they come from.</param>
    /// <param name="names">The names.</param>
    public static IReadOnlyList<string> HostNames(string source, IReadOnlyList<string> names) =>
        names.FirstOrDefault(name => !IsHostName(name)) is not { } wrong ? names
            : throw new StartFailure($"{source} has '{wrong}': it must be a host name without scheme and port, as in klock.internal.");

    /// <summary>Origins as browsers write them: scheme, host and port, nothing more.</summary>
    public static IReadOnlyList<string> Origins(IReadOnlyList<string> origins, bool hasKey)
    {
        foreach (string origin in origins)
        {
            bool isAny = origin == "*";
            if (isAny && !hasKey)
            {
                throw new StartFailure("--cors-origin is '*', which without a key lets every web page in: set a key, or name the origin.");
            }

            if (!isAny && (!Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) || uri.GetLeftPart(UriPartial.Authority) != origin
                || uri.Scheme is not ("http" or "https")))
            {
                throw new StartFailure(
                    $"--cors-origin is '{origin}': it must be http or https, a host in lower case and no path, as in https://example.org.");
            }
        }

        return origins;
    }

    /// <summary>Both PEM files or none.</summary>
    public static (string Certificate, string Key)? Tls(string? certificate, string? key) => (certificate, key) switch
    {
        (null, null) => null,
        (not null, not null) => (certificate, key),
        _ => throw new StartFailure("--tls-cert and --tls-key go together: both must be given, or none."),
    };

    /// <summary>A path that fits into a socket's address.</summary>
    public static string? SocketPath(string? path)
    {
        if (path is null)
        {
            return null;
        }

        string full = path.Length == 0 ? "" : Path.GetFullPath(path);
        int bytes = Encoding.UTF8.GetByteCount(full);
        return bytes is > 0 and <= LongestSocketPathBytes
            ? full
            : throw new StartFailure($"--socket has {bytes} bytes as a full path: it must have 1 to {LongestSocketPathBytes}.");
    }

    /// <summary>The level of a word that <see cref="OneOf"/> has accepted.</summary>
    public static LogLevel Level(string word) => word switch
    {
        "error" => LogLevel.Error,
        "warn" => LogLevel.Warning,
        "debug" => LogLevel.Debug,
        _ => LogLevel.Information,
    };

    // Letters of other alphabets reach a server in Punycode.
    private static bool IsHostName(string name) => name.All(char.IsAscii) && Uri.CheckHostName(name) != UriHostNameType.Unknown;

    private static string Flag(ArgumentResult result) => result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name;
}
