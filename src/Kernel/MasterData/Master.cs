using Plug1.Kernel.Commands;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.MasterData;

/// <summary>What a list of master data was asked.</summary>
/// <param name="Text">Words that the row must contain, or null.</param>
/// <param name="Active">Only rows in use, only others, or null for all.</param>
/// <param name="After">The cursor of the page before, or null.</param>
/// <param name="Limit">How many at most, 1 to 200.</param>
/// <param name="Total">Whether to count all rows that fit.</param>
/// <param name="Filters">Further filters by name, such as <c>branch</c> or <c>item</c>.</param>
public sealed record MasterQuery(
    string? Text = null, bool? Active = null, string? After = null, int Limit = 50, bool Total = false, IReadOnlyDictionary<string, string>? Filters = null)
{
    /// <summary>A filter, or null.</summary>
    public string? Filter(string name) => Filters?.GetValueOrDefault(name);

    /// <summary>A filter that is an id; one that is none finds nothing.</summary>
    public Guid? IdFilter(string name) => Filter(name) is { } text ? Guid.TryParse(text, out var id) ? id : Guid.Empty : null;
}

/// <summary>A page of a list.</summary>
/// <typeparam name="T">A row.</typeparam>
/// <param name="Items">The rows.</param>
/// <param name="Next">Cursor of the next page, or null at the end.</param>
/// <param name="Total">How many rows fit, when it was asked.</param>
public sealed record MasterPage<T>(IReadOnlyList<T> Items, string? Next = null, long? Total = null);

/// <summary>One kind of master data: how it is read, checked and written. The rules stand here, the doors are in <see cref="MasterDesk"/>.</summary>
/// <typeparam name="TView">What is answered; carries id and version.</typeparam>
/// <typeparam name="TWrite">What is entered; a change is merged over it.</typeparam>
public abstract class Master<TView, TWrite>
    where TView : class
    where TWrite : class
{
    /// <summary>Code before the actions of its permissions, such as <c>kernel.catalogue</c>.</summary>
    public abstract string Function { get; }

    /// <summary>What one of it is called in the audit trail, such as <c>item</c>.</summary>
    public abstract string Thing { get; }

    /// <summary>The action that creating asks for.</summary>
    public virtual string CreateAction => "configure";

    /// <summary>The action that changing asks for.</summary>
    public virtual string UpdateAction => "configure";

    /// <summary>Whether its writing stages the audit event, so that the desk does not.</summary>
    public virtual bool AuditsItself => false;

    /// <summary>Reads one by the id in its address, locked when it is about to be changed.</summary>
    public abstract Task<TView?> Find(Db db, string id, bool locked, CancellationToken ct);

    /// <summary>Reads a page.</summary>
    public abstract Task<MasterPage<TView>> List(Db db, MasterQuery query, CancellationToken ct);

    /// <summary>The id in the address, the id for the audit trail if it is a UUID, and the version.</summary>
    public abstract (string Id, Guid? Object, long Version) KeyOf(TView view);

    /// <summary>What was entered, to merge a change over it.</summary>
    public abstract TWrite WriteOf(TView view);

    /// <summary>What somebody sees of it; all of it unless it says otherwise.</summary>
    public virtual TView Shown(TView view, Security.Actor actor, Guid branch) => view;

    /// <summary>Moves the stamp of the caches it is kept in; runs before the change.</summary>
    public abstract void Touch(Tx tx);

    /// <summary>Checks and writes a new one.</summary>
    public abstract Task<Result<TView>> Insert(Tx tx, TWrite write, Stamp stamp, CancellationToken ct);

    /// <summary>Checks and writes a change of one that is locked and of the version seen.</summary>
    public abstract Task<Result<TView>> Change(Tx tx, TView before, TWrite write, Stamp stamp, CancellationToken ct);

    /// <summary>A page of rows that are few enough to be read at once.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="query">What was asked.</param>
    /// <param name="key">Sorts the rows, alone.</param>
    /// <param name="text">What a search looks at.</param>
    /// <param name="active">Whether a row is in use.</param>
    protected static MasterPage<TView> PageOf(IEnumerable<TView> rows, MasterQuery query, Func<TView, string> key, Func<TView, string> text, Func<TView, bool>? active = null)
    {
        var words = SearchText.Fold(query.Text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var fitting = rows.Where(row => (query.Active is null || active is null || active(row) == query.Active)
            && (words.Length == 0 || SearchText.Fold(text(row)) is var folded && Array.TrueForAll(words, word => folded.Contains(word, StringComparison.Ordinal))))
            .OrderBy(key, StringComparer.Ordinal).ToList();
        var after = Cursor.Read(query.After);
        var rest = after is null ? fitting : [.. fitting.Where(row => string.CompareOrdinal(key(row), after) > 0)];
        return new MasterPage<TView>(
            [.. rest.Take(query.Limit)], rest.Count > query.Limit ? Cursor.Of(key(rest[query.Limit - 1])) : null, query.Total ? fitting.Count : null);
    }

    /// <summary>The row lock, when one is wanted.</summary>
    protected static Sql Lock(Db db, bool locked) => locked ? Dialect.ForUpdate(db.Engine) : Sql.Raw("");
}
