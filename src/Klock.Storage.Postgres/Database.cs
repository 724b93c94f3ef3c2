using System.Net.Sockets;
using System.Security.Cryptography;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores.Replicated;
using Npgsql;

namespace Klock.Storage.Postgres;

/// <summary>The database: a call goes to one of its hosts, and to the next when that does not answer or takes no writes.</summary>
/// <remarks>Thread-safe. Only calls are made that may be made twice.</remarks>
internal sealed class Database : IDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    // What is waited for is on a network: no test's clock helps.
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly NpgsqlDataSource[] _hosts;
    private readonly string _settings;
    private readonly TimeSpan _longest;
    private int _current;

    /// <param name="address">Where it is.</param>
    /// <param name="answersWithin">How long an answer may take, with all that is tried for it.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: that is nowhere to connect to.</exception>
    public Database(PostgresAddress address, TimeSpan answersWithin)
    {
        _longest = answersWithin;

        // What is acknowledged is on the disk, and on that of a synchronous standby if there is one. Every statement sees what was there
        // when it began: an append that waited for another one must find that it came second.
        _settings =
            $"""
            set search_path = "{address.Schema}"; set default_transaction_isolation = 'read committed';
            set default_transaction_read_only = off; select set_config('synchronous_commit', 'on', false)
            where current_setting('synchronous_commit') in ('off', 'local', 'remote_write')
            """;
        try
        {
            _hosts = [.. address.Hosts.Select(Connect)];
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or NotSupportedException or InvalidOperationException)
        {
            throw PostgresAddress.Unreadable();
        }
    }

    /// <summary>Asks, and asks again while there is time: the next host, or the same on a new connection.</summary>
    /// <exception cref="NoAnswerException">There was no answer: it may have happened.</exception>
    /// <exception cref="IOException">The database refuses.</exception>
    public async Task<T> CallAsync<T>(Func<NpgsqlConnection, Task<T>> ask, CancellationToken cancel)
    {
        long start = _time.GetTimestamp();
        for (bool wasSilent = false; ; wasSilent = true)
        {
            int host = Volatile.Read(ref _current);

            // One host that is silent must not use up the time of all.
            TimeSpan mine = !wasSilent && _hosts.Length > 1 ? Left(start) / 2 : Left(start);
            try
            {
                return await AskAsync(_hosts[host], ask).WaitAsync(mine, cancel);
            }
            catch (Exception failed) when (IsOfTheDatabase(failed) && !cancel.IsCancellationRequested)
            {
                IOException told = Refusals.Of(failed);
                if (told is not NoAnswerException)
                {
                    // What is refused now, an earlier try may have done.
                    throw wasSilent ? new NoAnswerException(told.Message, failed) : told;
                }

                MoveOnFrom(host);
                if (Left(start) <= _pause)
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
            await using NpgsqlConnection connection = await _hosts[Volatile.Read(ref _current)].OpenConnectionAsync(cancel);
            return await work(connection);
        }
        catch (Exception failed) when (IsOfTheDatabase(failed) && !cancel.IsCancellationRequested)
        {
            // Whether another host is asked is for calls to find out: a connection can break while its host is well.
            throw Refusals.Of(failed);
        }
    }

    public void Dispose() => Array.ForEach(_hosts, static host => host.Dispose());

    // It is not cancelled: Npgsql would ask the server to cancel it, and wait until that has answered. A call that nobody waits for any
    // more ends by the connection's own time-out.
    private static async Task<T> AskAsync<T>(NpgsqlDataSource host, Func<NpgsqlConnection, Task<T>> ask)
    {
        await using NpgsqlConnection connection = await host.OpenConnectionAsync(CancellationToken.None);
        return await ask(connection);
    }

    // Only once, however many calls a host has failed at the same time.
    private void MoveOnFrom(int host) => Interlocked.CompareExchange(ref _current, (host + 1) % _hosts.Length, host);

    private NpgsqlDataSource Connect(string connection)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(connection);
        builder.EnableTransportSecurity();
        builder.UsePhysicalConnectionInitializer(
            opened => Set(opened).ExecuteNonQuery(), opened => Set(opened).ExecuteNonQueryAsync());
        return builder.Build();
    }

    private NpgsqlCommand Set(NpgsqlConnection connection) => new(_settings, connection);

    private TimeSpan Left(long start) => _longest - _time.GetElapsedTime(start) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    // A time-out is an NpgsqlException, a name that is not found a SocketException, a file of TLS one of the last two.
    private static bool IsOfTheDatabase(Exception failed) =>
        failed is NpgsqlException or OperationCanceledException or TimeoutException or SocketException or ObjectDisposedException
            or IOException or CryptographicException or UnauthorizedAccessException;
}
