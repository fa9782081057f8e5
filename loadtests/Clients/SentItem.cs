namespace Interactions.LoadTests.Clients;

/// <summary>Something handed to a sender, and what became of it.</summary>
internal sealed class SentItem(ReadOnlyMemory<byte> json, bool isComment, string? kind, int count)
{
    /// <summary>The interaction as JSON.</summary>
    public ReadOnlyMemory<byte> Json => json;

    public bool IsComment => isComment;

    public string? Kind => kind;

    public int Count => count;

    /// <summary>When it was handed over; sent later only when the connection was not open yet.</summary>
    public long HandedOverAt { get; set; }

    /// <summary>When its bytes went to the socket; 0 = never.</summary>
    public long SentAt { get; set; }

    /// <summary>When the answer came; 0 = never.</summary>
    public long AnsweredAt { get; set; }

    /// <summary>null = not answered: whether it counts is unknown. <c>accepted</c>, or the code of the refusal.</summary>
    public string? Outcome { get; set; }

    public string? Id { get; set; }

    public string? Position { get; set; }

    public bool IsAccepted => Outcome == "accepted";
}
