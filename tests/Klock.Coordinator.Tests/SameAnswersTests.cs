using System.Text;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Fuzz;
using Klock.Kernel.Claims;
using Klock.Native.Testing;
using Xunit;

namespace Klock.Coordinator.Tests;

/// <summary>A request is answered byte for byte alike, whichever of the two readers reads it.</summary>
public sealed class SameAnswersTests
{
    [Fact]
    public void Plain_requests_and_those_that_are_not_get_the_same_answers()
    {
        using var plain = new Coordinator();
        using var other = new Coordinator();
        int granted = 0;
        foreach (string request in Requests.Usual.Where(request => request.Contains(':', StringComparison.Ordinal)))
        {
            // A value that only the reader of everything reads, in a field that nobody knows.
            string nested = request.Insert(request.IndexOf('{', StringComparison.Ordinal) + 1, "\"unknown\":[{}],");
            foreach (Operation operation in Enum.GetValues<Operation>())
            {
                string answer = plain.Ask(operation, request);
                Assert.Equal(answer, other.Ask(operation, nested));
                granted += operation == Operation.Acquire && answer.Contains("fencing_token", StringComparison.Ordinal) ? 1 : 0;
            }
        }

        Assert.Equal(3, granted);
    }

    [Fact]
    public void A_path_that_was_read_before_is_still_another_resource_in_another_type()
    {
        using var coordinator = new Coordinator();
        foreach (string type in (string[])["FILE", "CUSTOM", "FILE", "CONFIG_KEY", "CUSTOM"])
        {
            string request = $$"""
                {"agent_id":"a","session_id":"s","resource_type":"{{type}}","resource_path":"./x","predicate":"CONSUMES","ttl":9}
                """;
            string resource = type == "FILE" ? "FILE:x" : type + ":./x";
            Assert.Contains($"\"resource\":\"{resource}\"", coordinator.Ask(Operation.Acquire, request), StringComparison.Ordinal);
        }
    }

    private sealed class Coordinator : IDisposable
    {
        private readonly Reply _reply = new();
        private readonly LeaseCoordinator _coordinator =
            new(new MemoryStore(new TestClock(1_700_000_000_000), new LeaseId(1)), new CountedIds());

        public string Ask(Operation operation, string request)
        {
            Assert.Null(_coordinator.Begin(operation, Encoding.UTF8.GetBytes(request), _reply));
            return Encoding.UTF8.GetString(_reply.Utf8);
        }

        public void Dispose() => _coordinator.Dispose();
    }
}
