using System.Text.Json;

namespace Klock.Native.Tests.Support;

/// <summary>An open handle and the few requests that most tests send.</summary>
internal sealed class OpenKlock : IDisposable
{
    public OpenKlock(KlockLibrary library, string? options = null, string function = "klock_open")
    {
        Library = library;
        Handle = library.Open(function, options, out string? error);
        Assert.True(Handle != 0, error);
        Assert.Null(error);
    }

    public KlockLibrary Library { get; }

    public nint Handle { get; }

    /// <summary>The test flavour with a clock that stands at a moment.</summary>
    public static OpenKlock AtTime(long nowMs, ulong seed = 1, string storage = "memory") =>
        new(KlockLibrary.TestFlavour, $$"""{"storage":"{{storage}}","seed":{{seed}},"now_ms":{{nowMs}}}""", "klock_test_open");

    /// <summary>The acquire that is refused only if someone else holds the path.</summary>
    public static string AcquireJson(string path, string agent = "a", string predicate = "MUTATES", long ttl = 3_600_000) =>
        $$"""{"agent_id":"{{agent}}","session_id":"s","resource_type":"FILE","resource_path":"{{path}}",""" +
        $$"""
        "predicate":"{{predicate}}","ttl":{{ttl}}}
        """;

    public string Send(string name, string? json = null) => Library.Send(Handle, name, json);

    /// <summary>Sets the clock of a handle from <see cref="AtTime"/>.</summary>
    public unsafe void SetNow(long nowMs) => ((delegate* unmanaged<nint, long, void>)Library.Symbol("klock_test_set_now"))(Handle, nowMs);

    /// <summary>Sends and asserts that it was done; answers its data.</summary>
    public JsonElement Do(string name, string? json = null)
    {
        string answer = Send(name, json);
        JsonElement root = JsonDocument.Parse(answer).RootElement;
        Assert.True(root.GetProperty("success").GetBoolean(), answer);
        return root.GetProperty("data");
    }

    public void Dispose() => Library.Close(Handle);
}
