using System.Text;
using Interactions.LoadTests.Checks;
using Interactions.LoadTests.Clients;

namespace Interactions.Tests.LoadTests;

/// <summary>A viewer's ledger after the messages that a test writes down.</summary>
internal static class Ledgers
{
    public static ViewerLedger After(params string[] messages)
    {
        var (reader, frame, ledger) = (new FrameReader(), new SeenFrame(), new ViewerLedger());
        for (var i = 0; i < messages.Length; i++)
        {
            reader.Read(MessageKind.Other, Encoding.UTF8.GetBytes(messages[i]), frame);
            ledger.Apply(frame, timestamp: i);
        }

        return ledger;
    }

    public static string Snapshot(int offset, string totals = "{}", params string[] comments) => Message("snapshot", offset, $"\"totals\":{totals}", comments);

    public static string Frame(int offset, string fields, params string[] comments) => Message("frame", offset, fields, comments);

    public static AcceptedComment Accepted(int offset) => new($"e.{offset}.0", $"e.{offset}", 0);

    private static string Message(string type, int offset, string fields, string[] comments)
    {
        var shown = string.Join(',', comments.Select(id => $$"""{"id":"{{id}}","user":"u","text":"} \" {","at":1,"replyTo":null}"""));
        return $$"""{"t":"{{type}}","stream":"s","position":"e.{{offset}}","at":5,"oldest":4,{{fields}},"comments":[{{shown}}],"polls":[{"id":"p","votes":[1]}]}""";
    }
}
