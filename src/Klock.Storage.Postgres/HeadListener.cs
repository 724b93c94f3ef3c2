using Klock.Coordinator.Stores.Replicated;
using Npgsql;

namespace Klock.Storage.Postgres;

/// <summary>Tells when others have appended. Only a hint: what it does not hear of, an append finds.</summary>
internal sealed class HeadListener : IDisposable
{
    private readonly Database _database;
    private readonly string _channel;
    private readonly Func<string> _writer;
    private readonly Action _moved;
    private readonly Recurring _listening;

    /// <param name="database">The database.</param>
    /// <param name="channel">Where appends are told of.</param>
    /// <param name="writer">Whose appends these are not, in hex.</param>
    /// <param name="moved">Called, on any thread.</param>
    public HeadListener(Database database, string channel, Func<string> writer, Action moved)
    {
        _database = database;
        _channel = channel;
        _writer = writer;
        _moved = moved;
        _listening = new Recurring(ListenUntilItBreaksAsync, TimeSpan.FromMilliseconds(300));
    }

    /// <summary>Starts it, unless it runs. Not thread-safe.</summary>
    public void Start() => _listening.Start();

    public void Dispose() => _listening.Dispose();

    private async Task ListenUntilItBreaksAsync(CancellationToken cancel)
    {
        // When it breaks it is opened again, to whichever host takes writes then.
        await _database.WorkAsync(connection => ListenAsync(connection, cancel), cancel);
    }

    private async Task<bool> ListenAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        connection.Notification += (_, told) =>
        {
            if (told.Payload != _writer())
            {
                _moved();
            }
        };
        await using var listen = new NpgsqlCommand($"listen {_channel}", connection);
        await listen.ExecuteNonQueryAsync(cancel);

        // What was appended while nobody listened.
        _moved();
        while (true)
        {
            await connection.WaitAsync(cancel);
        }
    }
}
