using System.Net;
using Klock.Server.Keys;
using Klock.Storage.Sqlite.Holders;
using Microsoft.Extensions.Logging;

namespace Klock.Server.Options;

/// <summary>All options of <c>klock serve</c>, checked.</summary>
internal sealed record ServeOptions
{
    /// <summary>The address that the server listens on.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The port; 0 for any that is free.</summary>
    public required int Port { get; init; }

    /// <summary>The name that <c>--host</c> gave, which clients may use in their Host header; null when there was none.</summary>
    public required string? Host { get; init; }

    /// <summary>More names that clients may use in their Host header.</summary>
    public required IReadOnlyList<string> AllowedHosts { get; init; }

    /// <summary><c>memory</c> or <c>sqlite:&lt;path&gt;</c>; at first also <c>auto</c>.</summary>
    public required string Storage { get; init; }

    /// <summary>Whether a state that was restored from a backup is gone on with.</summary>
    public required bool AcceptsRestore { get; init; }

    /// <summary>The folder that relative names count from; null for the top of the repository that the server is started in.</summary>
    public required string? Root { get; init; }

    /// <summary>Whether a request for a resource without a namespace is refused.</summary>
    public required bool DemandsNamespace { get; init; }

    /// <summary>The keys; empty when none is needed.</summary>
    public required KeyRing Keys { get; init; }

    /// <summary>The file that some of them come from; null when there is none.</summary>
    public required string? KeyFile { get; init; }

    /// <summary>The web pages that may call, as browsers name their origin.</summary>
    public required IReadOnlyList<string> CorsOrigins { get; init; }

    /// <summary>The certificate and its key, both PEM files; null for plain HTTP.</summary>
    public required (string Certificate, string Key)? Tls { get; init; }

    /// <summary>The Unix socket to listen on as well; null for none.</summary>
    public required string? SocketPath { get; init; }

    /// <summary>How many connections may be open at once; further ones are closed at once.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>Entries below this level are not logged.</summary>
    public required LogLevel LogLevel { get; init; }

    /// <summary>Whether a log line is a JSON object.</summary>
    public required bool LogsJson { get; init; }

    /// <summary>The process that the server ends with; null for none.</summary>
    public required NamedProcess? Starter { get; init; }

    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLocal => IPAddress.IsLoopback(Address);
}
