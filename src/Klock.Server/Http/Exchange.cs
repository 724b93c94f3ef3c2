using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;

namespace Klock.Server.Http;

/// <summary>The bytes of one request to a coordinator and of its answer; used again and again.</summary>
internal sealed class Exchange : IResettable
{
    // A larger one is not kept: a few big requests must not cost memory for ever.
    private const int LargestKeptBytes = 16 * 1024;

    /// <summary>The request, JSON.</summary>
    public ArrayBufferWriter<byte> Request { get; } = new();

    /// <summary>The answer, JSON.</summary>
    public ArrayBufferWriter<byte> Answer { get; } = new();

    /// <summary>Reads the body of a request.</summary>
    /// <exception cref="BadHttpRequestException">It is too large, too slow, or ends early.</exception>
    public async ValueTask ReadBodyAsync(HttpContext context)
    {
        PipeReader body = context.Request.BodyReader;
        while (true)
        {
            ReadResult read = await body.ReadAsync(context.RequestAborted);
            foreach (ReadOnlyMemory<byte> piece in read.Buffer)
            {
                Request.Write(piece.Span);
            }

            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    /// <inheritdoc />
    public bool TryReset()
    {
        Request.ResetWrittenCount();
        Answer.ResetWrittenCount();
        return Request.Capacity <= LargestKeptBytes && Answer.Capacity <= LargestKeptBytes;
    }
}
