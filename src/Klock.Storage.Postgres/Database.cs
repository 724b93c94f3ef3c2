using Klock.Coordinator.Stores.Replicated;
using Npgsql;

namespace Klock.Storage.Postgres;

/// <summary>The database: connections to whichever of its hosts takes writes, and the time that an answer may take.</summary>
/// <remarks>Thread-safe. Only calls are made that may be made twice.</remarks>
internal sealed class Database : IDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    // What is acknowledged is on the disk, and on that of a synchronous standby if there is one. Every statement sees what was there
    // when it began: an append that waited for another one must find that it came second.
    private const string Settings =
        """
        select set_config('synchronous_commit', 'on', false)
        where current_setting('synchronous_commit') in ('off', 'local', 'remote_write');
        set default_transaction_isolation = 'read committed'; set default_transaction_read_only = off
        """;

    // What is waited for is on a network: no test's clock helps.
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly NpgsqlDataSource _source;
    private readonly TimeSpan _longest;

    /// <param name="address">Where it is.</param>
    /// <param name="answersWithin">How long an answer may take, with all that is tried for it.</param>
    public Database(PostgresAddress address, TimeSpan answersWithin)
    {
        _longest = answersWithin;
        var builder = new NpgsqlSlimDataSourceBuilder(address.ConnectionString);
        builder.EnableTransportSecurity();
        builder.UsePhysicalConnectionInitializer(
            static connection => Set(connection).ExecuteNonQuery(), static connection => Set(connection).ExecuteNonQueryAsync());
        _source = builder.Build();
    }

    /// <summary>Asks, and asks again on a new connection while there is time: the first one may be to a server that has gone.</summary>
    /// <exception cref="NoAnswerException">There was no answer: it may have happened.</exception>
    /// <exception cref="IOException">The database refuses.</exception>
    public async Task<T> CallAsync<T>(Func<NpgsqlConnection, Task<T>> ask, CancellationToken cancel)
    {
        long start = _time.GetTimestamp();
        while (true)
        {
            try
            {
                return await AskAsync(ask).WaitAsync(Left(start), cancel);
            }
            catch (Exception failed) when (IsOfTheDatabase(failed) && !cancel.IsCancellationRequested)
            {
                IOException told = Refusals.Of(failed);
                if (told is not NoAnswerException || Left(start) <= _pause)
                {
                    throw told;
                }
            }

            await Task.Delay(_pause, cancel);
        }
    }

    /// <summary>Does what may take longer, once, on a connection of its own.</summary>
    /// <exception cref="NoAnswerException">It broke: it may have happened.</exception>
    /// <exception cref="IOException">The database refuses.</exception>
    public async Task<T> WorkAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancel)
    {
        try
        {
            await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancel);
            return await work(connection);
        }
        catch (Exception failed) when (IsOfTheDatabase(failed) && !cancel.IsCancellationRequested)
        {
            throw Refusals.Of(failed);
        }
    }

    public void Dispose() => _source.Dispose();

    // It is not cancelled: Npgsql would ask the server to cancel it, and wait until that has answered. A call that nobody waits for any
    // more ends by the connection's own time-out.
    private async Task<T> AskAsync<T>(Func<NpgsqlConnection, Task<T>> ask)
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync(CancellationToken.None);
        return await ask(connection);
    }

    private TimeSpan Left(long start) => _longest - _time.GetElapsedTime(start) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    // A time-out is an NpgsqlException, a name that is not found a SocketException.
    private static bool IsOfTheDatabase(Exception failed) =>
        failed is NpgsqlException or OperationCanceledException or TimeoutException or System.Net.Sockets.SocketException
            or ObjectDisposedException or IOException and not NoAnswerException;

    private static NpgsqlCommand Set(NpgsqlConnection connection) => new(Settings, connection);
}
