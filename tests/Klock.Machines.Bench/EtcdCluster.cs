using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Etcd;
using Klock.Storage.Etcd.Api;
using Klock.Storage.Journal;

namespace Klock.Machines.Bench;

/// <summary>Members of etcd on this machine.</summary>
internal sealed class EtcdCluster : IEngine
{
    private const string Scheme = "etcd:";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("klock-bench-");
    private readonly TimeProvider _time;
    private readonly string[] _urls;
    private readonly Process[] _processes;

    private EtcdCluster(string program, int members, TimeProvider time)
    {
        _time = time;
        _urls = [.. Enumerable.Range(0, members).Select(static _ => $"http://127.0.0.1:{Programs.FreePort()}")];
        string[] peers = [.. _urls.Select(static _ => $"http://127.0.0.1:{Programs.FreePort()}")];
        string all = string.Join(',', peers.Select(static (url, i) => $"n{i}={url}"));
        _processes = [.. Enumerable.Range(0, members).Select(i => Programs.Start(
            program, "--name", $"n{i}", "--data-dir", Path.Combine(_folder.FullName, $"n{i}"), "--listen-client-urls", _urls[i],
            "--advertise-client-urls", _urls[i], "--listen-peer-urls", peers[i], "--initial-advertise-peer-urls", peers[i],
            "--initial-cluster", all, "--initial-cluster-state", "new", "--log-level", "error"))];
    }

    public string Name => $"etcd, {_urls.Length} members";

    public string Folder => _folder.FullName;

    /// <summary>Starts it; null when etcd is not there.</summary>
    /// <param name="members">How many members.</param>
    /// <param name="time">The time by which its old revisions are compacted.</param>
    public static async Task<IEngine?> StartAsync(int members, TimeProvider time)
    {
        if (Programs.Find("etcd") is not { } program)
        {
            return null;
        }

        var cluster = new EtcdCluster(program, members, time);
        foreach (string url in cluster._urls)
        {
            using var channel = GrpcChannel.ForAddress(url);
            await Programs.UntilAsync("etcd", () => AnswersAsync(channel));
        }

        return cluster;
    }

    public string Storage(string journal, int server)
    {
        IEnumerable<string> mineFirst = _urls.Select((_, i) => _urls[(server + i) % _urls.Length]);
        string address = string.Join(',', mineFirst.Select(static (url, i) => i == 0 ? url : url["http://".Length..]));
        return $"{Scheme}{address}/{journal}";
    }

    public IJournal Connect(string journal, int server)
    {
        EtcdAddress read = EtcdAddress.Parse(Storage(journal, server)[Scheme.Length..]);
        EtcdAddress patient = read with { Options = read.Options with { LongestCall = IEngine.AnswersWithin } };
        return new EtcdJournal(patient, options: new SnapshotOptions { Time = _time });
    }

    public async Task<IBareAppends> OpenBareAsync()
    {
        var bare = new Bare(_urls[0]);
        await bare.AppendNothingAsync();
        return bare;
    }

    public void Dispose()
    {
        Array.ForEach(_processes, Programs.End);
        _folder.Delete(recursive: true);
    }

    private static async Task<bool> AnswersAsync(GrpcChannel channel)
    {
        try
        {
            DateTime soon = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(1);
            await new KV.KVClient(channel).RangeAsync(new RangeRequest { Key = ByteString.CopyFromUtf8("x") }, deadline: soon);
            return true;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    private sealed class Bare(string url) : IBareAppends
    {
        private readonly EtcdKeys _keys = new(Programs.NewName("bare-") + "/");
        private readonly GrpcChannel _channel = GrpcChannel.ForAddress(url);
        private long _revision;

        public Task AppendNothingAsync() => TxnAsync(new TxnRequest());

        public Task AppendAsync(JournalBatch batch) => TxnAsync(new TxnRequest
        {
            Compare = { EtcdKeys.IsAt(_keys.Head, _revision) },
            Success =
            {
                EtcdKeys.Put(_keys.Head, StoredEvents.WriteHead(batch)),
                EtcdKeys.Put(_keys.Batch(batch.Events[0].Sequence), StoredEvents.Write(batch)),
            },
            Failure = { _keys.HeadAndFrom(1, 1) },
        });

        public void Dispose() => _channel.Dispose();

        private async Task TxnAsync(TxnRequest request)
        {
            TxnResponse answer = await new KV.KVClient(_channel).TxnAsync(request);
            if (!answer.Succeeded)
            {
                throw new InvalidOperationException("Somebody else appends.");
            }

            _revision = request.Success.Count > 0 ? answer.Header.Revision : 0;
        }
    }
}
