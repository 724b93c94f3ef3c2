using Npgsql;

namespace Klock.Storage.Postgres;

/// <summary>Tells when others have appended. Only a hint: what it does not hear of, an append finds.</summary>
/// <param name="database">The database.</param>
/// <param name="channel">Where appends are told of.</param>
/// <param name="writer">Whose appends these are not, in hex.</param>
/// <param name="moved">Called, on any thread.</param>
internal sealed class HeadListener(Database database, string channel, Func<string> writer, Action moved) : IDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(300);

    private readonly CancellationTokenSource _closing = new();
    private Task? _running;

    /// <summary>Starts it, unless it runs. Not thread-safe.</summary>
    public void Start() => _running ??= Task.Run(RunAsync);

    public void Dispose()
    {
        _closing.Cancel();
        _running?.GetAwaiter().GetResult();
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                await database.WorkAsync(ListenAsync, _closing.Token);
            }
            catch (Exception broken) when (broken is IOException or OperationCanceledException or NpgsqlException)
            {
                // It is opened again, to whichever host takes writes then.
            }

            await Task.Delay(_pause, _closing.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private async Task<bool> ListenAsync(NpgsqlConnection connection)
    {
        connection.Notification += (_, told) =>
        {
            if (told.Payload != writer())
            {
                moved();
            }
        };
        await using var listen = new NpgsqlCommand($"listen {channel}", connection);
        await listen.ExecuteNonQueryAsync(_closing.Token);

        // What was appended while nobody listened.
        moved();
        while (true)
        {
            await connection.WaitAsync(_closing.Token);
        }
    }
}
