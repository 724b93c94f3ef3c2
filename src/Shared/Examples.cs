namespace Klock;

/// <summary>The end of a help text: what people do with a verb.</summary>
internal static class Examples
{
    /// <summary>The examples of <c>klock serve</c>, which two programs show: klock in its manual, klock-server in its help.</summary>
    public static readonly (string Command, string What)[] OfServe =
    [
        ("klock serve", "on port 3100 of this machine, in memory"),
        ("klock serve --storage auto --socket .git/klock/klock.sock", "the repository's own store, for all that work in it"),
        ("KLOCK_API_KEY=$KEY klock serve --storage sqlite:/srv/klock.db --tls-cert cert.pem --tls-key key.pem", "for other machines"),
    ];

    /// <summary>The examples of <c>klock mcp</c>, which two programs show as well.</summary>
    public static readonly (string Command, string What)[] OfMcp =
    [
        ("klock mcp", "as a client starts it: {\"mcpServers\":{\"klock\":{\"command\":\"klock\",\"args\":[\"mcp\"]}}}"),
    ];

    /// <summary>Writes examples as the last part of a help text, commands in one column and what they do in another.</summary>
    public static void Write(TextWriter output, (string Command, string What)[] examples)
    {
        output.WriteLine("Examples:");
        foreach ((string command, string what) in examples)
        {
            output.WriteLine($"  {command}\n      {what}");
        }

        output.WriteLine();
    }
}
