using Microsoft.Extensions.Logging;

namespace Klock.Server.Telemetry;

/// <summary>Everything that is logged. Never a key, and never a lease id, which is the right to release the lease.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "serving {Storage} on {Urls} with {Keys} keys, klock {Version}")]
    public static partial void Serving(ILogger log, string storage, string urls, int keys, string version);

    [LoggerMessage(2, LogLevel.Information, "stopping: no new connections, waiting requests are answered that they should be sent again")]
    public static partial void Stopping(ILogger log);

    [LoggerMessage(3, LogLevel.Warning, "open to everyone who reaches {Urls}: set KLOCK_API_KEY, or leave --host out")]
    public static partial void Open(ILogger log, string urls);

    [LoggerMessage(4, LogLevel.Warning, "the key file is readable by other users of this machine: chmod 600")]
    public static partial void KeyFileReadable(ILogger log);

    [LoggerMessage(5, LogLevel.Debug, "{Operation} {Outcome}: {Agent} {Session} {Predicate} {Resource} in {TookMs} ms")]
    public static partial void Decided(
        ILogger log, string operation, string outcome, string? agent, string? session, string? predicate, string? resource, double tookMs);

    [LoggerMessage(6, LogLevel.Error, "the store fails: {Problem}")]
    public static partial void StoreFails(ILogger log, string problem);

    [LoggerMessage(7, LogLevel.Error, "a defect")]
    public static partial void Defect(ILogger log, Exception defect);

    [LoggerMessage(9, LogLevel.Warning, "at most {Connections} connections, not {Wanted}: the process may have no more files (ulimit -Hn)")]
    public static partial void FewFiles(ILogger log, int connections, int wanted);

    [LoggerMessage(
        10,
        LogLevel.Warning,
        "klock in this folder uses {Store}, not {Served}: what is held in one is not seen in the other. To share one, serve with "
            + "--storage auto, or set KLOCK_SERVER={Url} for klock")]
    public static partial void OtherStore(ILogger log, string store, string served, string url);

    [LoggerMessage(11, LogLevel.Information, "the program that started this server, process {Pid}, has ended: so does the server")]
    public static partial void StarterEnded(ILogger log, int pid);

    [LoggerMessage(8, LogLevel.Debug, "an event stream was dropped: its reader was too slow")]
    public static partial void StreamDropped(ILogger log);
}
