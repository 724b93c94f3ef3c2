using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Server.Http;
using Klock.Server.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;

namespace Klock.Server.Routes;

/// <summary>Answers one route by an operation. A request that waits is held, without a thread, until it is answered.</summary>
internal sealed class OperationHandler(
    Route route, LeaseCoordinator coordinator, ServerScope scopes, ObjectPool<Exchange> exchanges, Recorder recorder, TimeProvider time)
{
    /// <summary>Answers a request; when its client disconnects while it waits, it is removed from the queue.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        bool readsBody = route.Input is Input.Body or Input.BodyOnLease
            || (route.Input == Input.LeaseAndBody && RequestText.HasBody(context));
        if (readsBody && !JsonBody.IsJson(context.Request.ContentType))
        {
            await JsonBody.RefuseAsync(context);
            return;
        }

        Exchange exchange = exchanges.Get();
        try
        {
            await RequestText.WriteAsync(context, route, exchange);
            await AnswerAsync(context, exchange);
        }
        catch (KlockException refused)
        {
            await ErrorAnswer.WriteAsync(context, refused.Code, refused.Message);
        }
        finally
        {
            exchanges.Return(exchange);
        }
    }

    private async Task AnswerAsync(HttpContext context, Exchange exchange)
    {
        Operation operation = route.Operation;
        int success = route.Success;
        if (operation == Operation.DeclareIntents && RequestText.HasTtl(exchange.Request.WrittenSpan))
        {
            (operation, success) = (Operation.AcquireAll, StatusCodes.Status201Created);
        }

        if ((route.Writes || operation == Operation.AcquireAll) && AccessGuard.IsReadOnly(context))
        {
            await AccessGuard.RefuseReadOnlyAsync(context);
            return;
        }

        long start = time.GetTimestamp();
        PendingWait? wait = await coordinator.BeginAsync(operation, exchange.Request.WrittenSpan, exchange.Reply, scopes.Of(context));
        recorder.StoreAnswered(time.GetElapsedTime(start));
        if (wait is not null)
        {
            await coordinator.WaitAsync(wait, exchange.Reply, time, context.RequestAborted);
            recorder.WaitEnded(time.GetElapsedTime(start));
            if (Peer.IsGone(context))
            {
                // It disconnected while it waited, which Kestrel has not reported yet. What it was just granted would be held by nobody.
                await coordinator.CancelAsync(wait);
                context.Abort();
                return;
            }
        }

        recorder.Decided(operation, exchange, time.GetElapsedTime(start));
        await JsonAnswer.WriteAsync(context, HttpStatus.Of(exchange.Reply.Outcome, success), exchange.Reply);
    }
}
