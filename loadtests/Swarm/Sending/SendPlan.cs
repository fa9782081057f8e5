namespace Interactions.LoadTests.Swarm.Sending;

/// <summary>Who sends what. Either open-loop at fixed rates, or each connection keeps a window of unanswered messages.</summary>
internal sealed record SendPlan
{
    /// <summary>Nodes of one service; connections are dealt out over them.</summary>
    public required IReadOnlyList<Uri> Urls { get; init; }

    /// <summary>One token a connection: each is a user of its own.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    public required string Stream { get; init; }

    public int Streams { get; init; } = 1;

    /// <summary>Single posts on kept-alive connections instead of WebSockets.</summary>
    public bool Http { get; init; }

    public string Kind { get; init; } = "like";

    public double LikesPerSecond { get; init; }

    public double CommentsPerSecond { get; init; }

    /// <summary>Messages that a connection has unanswered, every second one a comment; 0 = open-loop.</summary>
    public int Window { get; init; }

    public int CommentBytes { get; init; } = 60;

    /// <summary>Whether each comment has a key.</summary>
    public bool Keys { get; init; }
}
