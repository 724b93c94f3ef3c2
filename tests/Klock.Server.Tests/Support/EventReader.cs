using System.Text.Json;

namespace Klock.Server.Tests.Support;

/// <summary>Reads a stream of server-sent events as the standard says.</summary>
internal sealed class EventReader(HttpResponseMessage response) : IDisposable
{
    private readonly StreamReader _lines = new(response.Content.ReadAsStream());

    /// <summary>The last id that came, with an event or by itself.</summary>
    public string LastId { get; private set; } = "";

    public static async Task<EventReader> OpenAsync(Api api, string path, params (string Name, string Value)[] headers)
    {
        HttpResponseMessage response = await api.OpenAsync(path, headers);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var reader = new EventReader(response);
        while ((await reader._lines.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(5)))?.Length > 0)
        {
            // The greeting: from its end on nothing is missed.
        }

        return reader;
    }

    /// <summary>The next event's data; null when the stream ends.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        string data = "", id = "";
        while (await _lines.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(10)) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data = line[6..];
            }
            else if (line.Length == 0 && data.Length > 0)
            {
                LastId = id;
                return JsonDocument.Parse(data).RootElement;
            }
        }

        return null;
    }

    /// <summary>The kinds and agents of the next events, as <c>GRANTED a</c>.</summary>
    public async Task<string[]> NextAsync(int count)
    {
        var seen = new string[count];
        for (int i = 0; i < count; i++)
        {
            JsonElement happened = (await NextAsync())!.Value;
            Assert.Equal(LastId, happened.GetProperty("seq").GetRawText());
            seen[i] = $"{happened.GetProperty("kind")} {(happened.TryGetProperty("agent_id", out JsonElement agent) ? agent : "-")}";
        }

        return seen;
    }

    public void Dispose()
    {
        _lines.Dispose();
        response.Dispose();
    }
}
