using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Coordinator.Tickets;

/// <summary>The answers of a ticket desk.</summary>
internal static class TicketJson
{
    public static void WriteTicket(Reply reply, long number)
    {
        JsonText json = Start(reply);
        json.WriteNumber("ticket"u8, number);
        reply.Outcome = Answers.EndData(ref json);
        json.Finish();
    }

    public static void WriteCancelled(Reply reply, Ticket ticket)
    {
        JsonText json = Start(reply);
        json.WriteNumber("ticket"u8, ticket.Number);
        json.WriteBoolean("cancelled"u8, !ticket.HasGotWhatStays);
        if (ticket.HasGotWhatStays)
        {
            json.WritePropertyName("answer"u8);
            json.WriteRawValue(ticket.Wait.Reply.Utf8);
        }

        reply.Outcome = Answers.EndData(ref json);
        json.Finish();
    }

    public static void WriteCollected(Reply reply, List<Ticket> tickets, int open)
    {
        JsonText json = Start(reply);
        json.WriteStartArray("answers"u8);
        foreach (Ticket ticket in tickets)
        {
            json.WriteStartObject();
            json.WriteNumber("ticket"u8, ticket.Number);
            json.WritePropertyName("answer"u8);
            json.WriteRawValue(ticket.Wait.Reply.Utf8);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("open"u8, open);
        reply.Outcome = Answers.EndData(ref json);
        json.Finish();
    }

    private static JsonText Start(Reply reply)
    {
        var json = new JsonText(reply.Writer);
        Answers.StartData(ref json);
        return json;
    }
}
