using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Journal;
using Npgsql;

namespace Klock.Storage.Postgres;

/// <summary>What PostgreSQL's errors mean.</summary>
internal static class Refusals
{
    /// <summary>Either that it is not known what happened, or why nothing did.</summary>
    public static IOException Of(Exception failed) => failed switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new IOException(
            "PostgreSQL's disk is full, and it takes nothing until there is room", failed),
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => new IOException(
            "PostgreSQL has no connection left: raise its max_connections, or run fewer servers", failed),
        PostgresException refusal when IsFinal(refusal.SqlState) => new IOException(
            $"PostgreSQL refuses: {refusal.MessageText} ({refusal.SqlState})", failed),
        PostgresException other => new NoAnswerException($"PostgreSQL: {other.MessageText} ({other.SqlState})", failed),
        OperationCanceledException => new NoAnswerException("PostgreSQL does not answer", failed),
        _ => new NoAnswerException(WhyUnreachable(failed), failed),
    };

    private static string WhyUnreachable(Exception failed)
    {
        var why = Unreachable.Of("", failed);
        string outermost = failed.Message.TrimEnd('.');

        // Npgsql judges the certificate, and keeps to itself what it found.
        return why.Says("certificate was rejected")
            ? "PostgreSQL's certificate is not accepted: either it is for another host than the store's name has, or its authority is not "
                + "known here: name its file with sslrootcert= in the store's name"
            : $"PostgreSQL: {outermost}{(failed.InnerException is null ? "" : $": {why.Innermost}")}";
    }

    // Who one is, what one may, what is there, and what is asked. Not that a server starts, ends, waits for another, or is none that
    // writes: those pass.
    private static bool IsFinal(string state) => state[..2] is "28" or "3D" or "3F" or "42" or "22" or "23" or "54" or "XX" or "0A";
}
