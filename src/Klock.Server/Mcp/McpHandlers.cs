using System.Text.Json;
using System.Text.Json.Nodes;
using Klock.Agents.Calling;
using Klock.Agents.Clients;
using Klock.Coordinator.Protocol;
using Microsoft.Data.Sqlite;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Klock.Server.Mcp;

/// <summary>Answers the requests of MCP, on stdio and over HTTP alike.</summary>
internal sealed class McpHandlers(Tools tools, ICallers callers, int mostCalls) : IDisposable
{
    private const string StatusUri = "klock://status";

    private const string Instructions =
        "Klock keeps agents that work in one repository from overwriting each other. Before a task that changes several files, claim them "
        + "with klock_claim; release them with klock_release when you are done, and before you start subagents that "
        + "work on them. When a file is in use, do other work first.";

    // A call that waits keeps a thread.
    private readonly SemaphoreSlim _calls = new(mostCalls);

    /// <summary>Sets what a server can do.</summary>
    public void Configure(McpServerOptions options)
    {
        options.ServerInfo = new Implementation
        {
            Name = "klock", Title = "Klock", Version = ProductVersion.Text,
            Description = "Leases that keep agents from overwriting each other.",
        };
        options.ServerInstructions = Instructions;
        options.Capabilities = new ServerCapabilities { Tools = new ToolsCapability(), Resources = new ResourcesCapability() };
        options.Handlers.ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [.. ToolList.All] });
        options.Handlers.CallToolHandler = CallAsync;
        options.Handlers.ListResourcesHandler = (_, _) => ValueTask.FromResult(new ListResourcesResult { Resources = [Status()] });
        options.Handlers.ListResourceTemplatesHandler = (_, _) => ValueTask.FromResult(new ListResourceTemplatesResult());
        options.Handlers.ReadResourceHandler = ReadAsync;
    }

    /// <summary>Waits until all calls are over, but not for ever. No other call is answered from then on.</summary>
    public async Task DrainAsync(TimeSpan longest)
    {
        using var late = new CancellationTokenSource(longest);
        try
        {
            for (int call = 0; call < mostCalls; call++)
            {
                await _calls.WaitAsync(late.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // What it is granted from now on ends with its process, or by its ttl.
        }
    }

    /// <summary>No call comes any more.</summary>
    public void Dispose() => _calls.Dispose();

    private static Resource Status() => new()
    {
        Uri = StatusUri, Name = "status", Title = "Who works on what", MimeType = "application/json",
        Description = "Who holds which files, who waits for them, and what you have claimed yourself, as klock_status answers it.",
    };

    private async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancel)
    {
        string tool = request.Params.Name;
        if (!McpCall.Tools.Contains(tool))
        {
            throw new McpProtocolException($"There is no tool '{tool}'.", McpErrorCode.InvalidParams);
        }

        McpHints hints = Hints(
            request.Params.Meta, request, McpCall.Digest(tool, ToolInput.Whole(request.Params.Arguments))!);
        var input = new ToolInput(request.Params.Arguments);
        return await RunAsync(() => callers.Act(hints, tool, who => tools.Run(tool, input, who), cancel), cancel);
    }

    private async ValueTask<ReadResourceResult> ReadAsync(RequestContext<ReadResourceRequestParams> request, CancellationToken cancel)
    {
        if (request.Params.Uri != StatusUri)
        {
            throw new McpProtocolException(
                $"There is no resource '{request.Params.Uri}': it must be {StatusUri}.", McpErrorCode.InvalidParams);
        }

        McpHints hints = Hints(request.Params.Meta, request, "");
        CallToolResult status = await RunAsync(() => callers.Act(hints, ToolList.Status, tools.Status, cancel), cancel);
        string text = status.StructuredContent?.GetRawText()
            ?? throw new McpProtocolException(((TextContentBlock)status.Content[0]).Text, McpErrorCode.InternalError);
        return new ReadResourceResult
        {
            Contents = [new TextResourceContents { Uri = StatusUri, MimeType = "application/json", Text = text }],
        };
    }

    private async Task<CallToolResult> RunAsync(Func<CallToolResult> act, CancellationToken cancel)
    {
        if (!await _calls.WaitAsync(TimeSpan.Zero, CancellationToken.None))
        {
            return ToolAnswer.Error($"Too many calls are under way, {mostCalls}: try again when some are answered.");
        }

        try
        {
            // Policy and stores are written for threads that wait.
            return await Task.Factory.StartNew(act, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure) when (failure is KlockException or OperationCanceledException)
        {
            return ToolAnswer.Error(failure.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SqliteException)
        {
            return ToolAnswer.Error($"Klock failed: {failure.Message}");
        }
        finally
        {
            _calls.Release();
        }
    }

    private static McpHints Hints<T>(JsonObject? meta, RequestContext<T> request, string digest) => new(
        request.JsonRpcRequest.Context?.ClientInfo?.Name ?? request.Server.ClientInfo?.Name,
        Text(meta, "sessionId"), Text(meta, "threadId"), Text(meta, "claudecode/toolUseId"), digest);

    private static string? Text(JsonObject? meta, string name) =>
        meta?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String
        && value.GetValue<string>() is { Length: > 0 and <= 100 } text ? text : null;
}
