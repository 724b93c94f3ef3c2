using System.Buffers;
using System.IO.Pipelines;
using Klock.Coordinator.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;

namespace Klock.Server.Http;

/// <summary>The bytes of one request to a coordinator and of its answer; reused.</summary>
internal sealed class Exchange : IResettable
{
    // A larger buffer is not kept: a few big requests must not cost memory for ever.
    private const int LargestKeptBytes = 16 * 1024;

    private bool _isTooLarge;

    /// <summary>The request, JSON.</summary>
    public ArrayBufferWriter<byte> Request { get; } = new();

    /// <summary>The answer, JSON.</summary>
    public Reply Reply { get; } = new();

    /// <summary>Reads the body of a request.</summary>
    /// <exception cref="BadHttpRequestException">It is too large, too slow, or ends early.</exception>
    public async ValueTask ReadBodyAsync(HttpContext context)
    {
        if (context.Request.ContentLength > Limits.RequestBytes)
        {
            await RefuseAnnouncedAsync(context);
        }

        PipeReader body = context.Request.BodyReader;
        for (bool isAll = false; !isAll;)
        {
            ReadResult read = await body.ReadAsync(context.RequestAborted);
            bool fits = Request.WrittenCount + read.Buffer.Length <= Limits.RequestBytes && !_isTooLarge;
            _isTooLarge = !fits;
            foreach (ReadOnlyMemory<byte> piece in fits ? read.Buffer : default)
            {
                Request.Write(piece.Span);
            }

            body.AdvanceTo(read.Buffer.End);
            isAll = read.IsCompleted;
        }

        // Read to its end all the same: a client that is still sending when the connection is closed does not see the error.
        if (_isTooLarge)
        {
            throw TooLarge();
        }
    }

    // Answered before a byte of the body is requested: a client that announces a large body and sends it slowly, or waits for permission
    // (Expect: 100-continue), gets the error at once.
    private static async Task RefuseAnnouncedAsync(HttpContext context)
    {
        await Failures.WriteAsync(context, StatusCodes.Status413PayloadTooLarge);
        await context.Response.CompleteAsync();
        throw TooLarge();
    }

    private static BadHttpRequestException TooLarge() => new("The body is too large.", StatusCodes.Status413PayloadTooLarge);

    /// <inheritdoc />
    public bool TryReset()
    {
        _isTooLarge = false;
        Request.ResetWrittenCount();
        Reply.Clear();
        return Request.Capacity <= LargestKeptBytes && Reply.Capacity <= LargestKeptBytes;
    }
}
