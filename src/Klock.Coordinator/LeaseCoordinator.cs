using System.Buffers;
using System.Text.Json;
using Klock.Coordinator.Commands;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Json;
using Klock.Coordinator.Stores;

namespace Klock.Coordinator;

/// <summary>The one door: JSON in, JSON out. Every host, the C library, the server and the command line, comes through here.</summary>
/// <param name="store">Where the state lives; owned from now on.</param>
/// <param name="ids">Where lease ids come from.</param>
/// <remarks>Thread-safe. Bad input gets an error answer and changes nothing.</remarks>
public sealed class LeaseCoordinator(IStore store, ILeaseIdSource ids) : IDisposable
{
    [ThreadStatic]
    private static Utf8JsonWriter? t_writer;

    /// <summary>Carries out one request.</summary>
    /// <param name="operation">What is asked.</param>
    /// <param name="request">The request, a JSON object in UTF-8.</param>
    /// <param name="answer">Is cleared, then gets the answer, a JSON object in UTF-8.</param>
    public void Execute(Operation operation, ReadOnlySpan<byte> request, ArrayBufferWriter<byte> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        answer.ResetWrittenCount();
        Utf8JsonWriter json = t_writer ??= new Utf8JsonWriter(answer, Answers.WriterOptions);
        json.Reset(answer);
        try
        {
            Command command = Read(operation, request);
            command.AnswerTo(json);
            store.Execute(command);
        }
        catch (KlockException refused)
        {
            Replace(json, answer, refused);
        }
        catch (JsonException notJson)
        {
            Replace(json, answer, RequestReader.NotJson(notJson));
        }

        json.Flush();
    }

    /// <summary>Before a fork: ends transactions and closes every file; the next request opens them again.</summary>
    public void ReleaseFiles() => store.ReleaseFiles();

    /// <summary>Closes the store; requests from now on are answered <see cref="ErrorCode.Closed"/>.</summary>
    public void Dispose() => store.Dispose();

    private Command Read(Operation operation, ReadOnlySpan<byte> request) => operation switch
    {
        Operation.RegisterAgent => new RegisterAgent(request),
        Operation.Acquire => new Acquire(request, ids),
        Operation.DeclareIntents => new DeclareIntents(request),
        Operation.Heartbeat => new Heartbeat(request),
        Operation.Release => new Release(request),
        Operation.Revoke => new Revoke(request),
        Operation.ListLeases => new ListLeases(request),
        Operation.ListAgents => new ListAgents(request),
        Operation.EvictExpired => new EvictExpired(),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "not an operation"),
    };

    // What the command had written before it failed is thrown away: it may rest on what was never stored.
    private static void Replace(Utf8JsonWriter json, ArrayBufferWriter<byte> answer, KlockException problem)
    {
        answer.ResetWrittenCount();
        json.Reset(answer);
        Answers.WriteError(json, problem.Code, problem.Message);
    }
}
