using System.Globalization;
using System.Text;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Load;

/// <summary>A server that has done much has not grown by it.</summary>
public sealed class MemoryTests
{
    private const int Connections = 16;
    private const int PairsARound = 3_000;

    [Fact]
    public async Task Memory_is_flat_over_many_requests()
    {
        await using ServerProcess server = await ServerProcess.StartAsync();
        for (int round = 0; round < 4; round++)
        {
            await WorkAsync(server.Url, round);
        }

        double before = MemoryMb(server);
        for (int round = 4; round < 8; round++)
        {
            await WorkAsync(server.Url, round);
        }

        // Events, agents and ended leases are remembered up to a bound, which the first rounds have not reached in all.
        Assert.InRange(MemoryMb(server) - before, -1_000, 15);
    }

    // Each on a connection of its own: acquire, be refused, wait in vain, release.
    private static Task WorkAsync(Uri url, int round) => Task.WhenAll(Enumerable.Range(0, Connections).Select(async number =>
    {
        using RawConnection connection = await RawConnection.OpenAsync(url);
        byte[] buffer = new byte[16_384];
        for (int i = 0; i < PairsARound / Connections; i++)
        {
            string path = $"/flat/{number}/{round}/{i}";
            string granted = await AskAsync(connection, buffer, Post(Api.Lease($"a{number}", path)));
            Assert.StartsWith("HTTP/1.1 201", granted, StringComparison.Ordinal);
            string refused = await AskAsync(connection, buffer, Post(Api.Lease($"b{number}", path, waitMs: i % 64 == 0 ? 1 : 0)));
            Assert.StartsWith("HTTP/1.1 409", refused, StringComparison.Ordinal);
            string lease = granted[(granted.IndexOf("lease_id", StringComparison.Ordinal) + 11)..][..32];
            string released = await AskAsync(connection, buffer, $"DELETE /leases/{lease} HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 200", released, StringComparison.Ordinal);
        }
    }));

    private static string Post(string body) =>
        $"POST /leases HTTP/1.1\r\nHost: localhost\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private static async Task<string> AskAsync(RawConnection connection, byte[] buffer, string request)
    {
        await connection.SendAsync(request);
        int received = 0;
        do
        {
            received += await connection.Stream.ReadAsync(buffer.AsMemory(received));
        }
        while (buffer[received - 1] != '}');
        return Encoding.UTF8.GetString(buffer, 0, received);
    }

    private static double MemoryMb(ServerProcess server)
    {
        string line = File.ReadLines($"/proc/{server.Id}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
