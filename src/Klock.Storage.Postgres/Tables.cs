using Npgsql;

namespace Klock.Storage.Postgres;

/// <summary>The tables of a journal, and what is asked of them.</summary>
/// <remarks>
/// <c>head</c> has one row: the number of the last event, the batch it came with, and the timeline of the database on which it was written.
/// <c>batch</c> has a row a batch, by the number of its first event. <c>pointer</c> and <c>snapshot</c> have the last snapshot.
/// Names are found by the connection's search path, which is the journal's schema.
/// </remarks>
internal static class Tables
{
    // A standby that takes over begins a new timeline; the first eight digits of the name of the file that is written tell which.
    private const string Timeline = "('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::bigint";

    /// <summary>$1 the number before, $2 the last number, $3 and $4 the batch, $5 its first number, $6 it, $7 the channel, $8 and $9 the
    /// batch before. One row: it is in.</summary>
    /// <remarks>A database that was restored may have got to the same number by another batch.</remarks>
    public const string Append =
        $"""
        with moved as (
            update head set sequence = $2, writer = $3, number = $4
            where sequence = $1 and writer = $8 and number = $9 and timeline = {Timeline} returning writer),
        written as (insert into batch (first, value) select $5, $6 from moved)
        select 1, pg_notify($7, encode(writer, 'hex') || ' ' || $2) from moved
        """;

    /// <summary>$1 a number, $2 how many batches, $3 the channel, $4 what is told there unless it is null. Rows: the head, its timeline and
    /// the database's, its format, its batch, a batch after it.</summary>
    /// <remarks>
    /// What a synchronous standby has not got yet can be seen when whoever waited for it was cut off. So an answer that rests on what is
    /// seen has to wait for the standby itself: by something that is written after it, and says nothing.
    /// </remarks>
    public const string After =
        $"""
        select head.sequence, head.timeline, {Timeline}, head.format, head.writer, head.number, later.value, flushed.at from head
        cross join (select case when current_setting('synchronous_standby_names') <> ''
            then pg_logical_emit_message(true, 'klock', '') end as at,
            case when $4 is not null then pg_notify($3, $4) end as told) as flushed
        left join lateral (select first, value from batch where first > $1 order by first limit $2) as later on true
        order by later.first
        """;

    /// <summary>$1 a number, $2 how many batches. Rows: the last batch that begins there or before, and those after it.</summary>
    public const string Around =
        """
        select value from (
            (select first, value from batch where first <= $1 order by first desc limit 1)
            union all (select first, value from batch where first > $1 order by first limit $2)) as found
        order by first
        """;

    // $1 a timeline. A standby refuses to say.
    private const string IsOfTimeline = $"select timeline = $1 and $1 = {Timeline} from head";

    /// <summary>As <see cref="Append"/>, on a new timeline: $1 the number before, $2 the first and last number, $3 and $4 the batch, $5 it.
    /// </summary>
    public const string Resume =
        $"""
        with moved as (
            update head set sequence = $2, writer = $3, number = $4, timeline = {Timeline}
            where sequence = $1 and timeline <> {Timeline} returning 1)
        insert into batch (first, value) select $2, $5 from moved
        """;

    // Two servers that start at once must not both make them.
    private const string Create =
        $"""
        create table if not exists head (
            one boolean primary key default true check (one), format integer not null, sequence bigint not null, writer bytea not null,
            number bigint not null, timeline bigint not null) with (fillfactor = 10);
        create table if not exists batch (first bigint primary key, value bytea not null);
        create table if not exists pointer (one boolean primary key default true check (one), value bytea not null);
        create table if not exists snapshot (part integer primary key, value bytea not null);
        insert into head (format, sequence, writer, number, timeline) select 1, 0, '', 0, {Timeline} on conflict do nothing
        """;

    /// <summary>Makes schema and tables when they are not there.</summary>
    public static async Task<bool> EnsureAsync(NpgsqlConnection connection, string schema)
    {
        await using var look = new NpgsqlCommand("select to_regclass('head') is not null", connection);
        if (await look.ExecuteScalarAsync() is true)
        {
            return true;
        }

        // PostgreSQL asks for the right to make one before it looks whether it is there.
        await using NpgsqlTransaction all = await connection.BeginTransactionAsync();
        await using var locked = new NpgsqlCommand($"select pg_advisory_xact_lock({LockOf(schema)})", connection, all);
        await locked.ExecuteNonQueryAsync();
        await using var find = new NpgsqlCommand($"select to_regnamespace('\"{schema}\"') is not null", connection, all);
        bool isThere = await find.ExecuteScalarAsync() is true;
        await using var make = new NpgsqlCommand(isThere ? Create : $"create schema \"{schema}\"; {Create}", connection, all);
        await make.ExecuteNonQueryAsync();
        await all.CommitAsync();
        return true;
    }

    /// <summary>Whether the head was written on a timeline, and the database is still on it.</summary>
    public static async Task<bool> IsOfTimelineAsync(NpgsqlConnection connection, long timeline, CancellationToken cancel)
    {
        await using var look = new NpgsqlCommand(IsOfTimeline, connection) { Parameters = { new() { Value = timeline } } };
        return await look.ExecuteScalarAsync(cancel) is true;
    }

    /// <summary>The lock of whoever makes the tables or writes a snapshot, as SQL.</summary>
    public static string LockOf(string schema) => $"hashtextextended('klock.{schema}', 0)";
}
