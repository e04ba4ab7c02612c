using System.Net;
using Shouldly;
using Xunit;

namespace Plug1.Http.Tests;

public sealed class ProblemTests
{
    private const string Line = """{"sku":"A","pieces":1}""";

    [Theory]
    [InlineData("""{"quantity":"1","lines":[]}""", "/title MEMBER_REQUIRED")]
    [InlineData("""{"lines":[]}""", "/title MEMBER_REQUIRED,/quantity MEMBER_REQUIRED")]
    [InlineData("""{"title":null,"quantity":"1","lines":[]}""", "/title MEMBER_REQUIRED")]
    [InlineData("""{"title":"a","quantity":"1","lines":[],"titel":"a"}""", "/titel MEMBER_UNKNOWN")]
    [InlineData("""{"title":"a","title":"b","quantity":"1","lines":[]}""", "/title MEMBER_TWICE")]
    [InlineData("""{"title":7,"quantity":"1","lines":[]}""", "/title VALUE_INVALID")]
    [InlineData("""{"title":"a","quantity":1.5,"lines":[]}""", "/quantity VALUE_INVALID")]
    [InlineData("""{"title":"a","quantity":"one","lines":[]}""", "/quantity VALUE_INVALID")]
    [InlineData("""{"title":"a","quantity":"1","lines":{}}""", "/lines VALUE_INVALID")]
    [InlineData($$"""{"title":"a","quantity":"1","lines":[{{Line}},{"sku":"A","pieces":"2"}]}""", "/lines/1/pieces VALUE_INVALID")]
    [InlineData($$"""{"title":"a","quantity":"1","lines":[{{Line}},{"sku":"A"}]}""", "/lines/1/pieces MEMBER_REQUIRED")]
    [InlineData($$"""{"title":"a","quantity":"1","lines":[{{Line}},{"sku":"A","pieces":1,"colour":"red"}]}""", "/lines/1/colour MEMBER_UNKNOWN")]
    [InlineData($$"""{"title":"a","quantity":"1","lines":[{"sku":"A","pieces":99999999999}]}""", "/lines/0/pieces VALUE_INVALID")]
    [InlineData("""{"title":"a","quantity":"1","lines":[""", "/lines/0 JSON_MALFORMED")]
    [InlineData("""{"title":"\ud800","quantity":"1","lines":[]}""", "/title VALUE_INVALID")]
    [InlineData("[]", " VALUE_INVALID")]
    [InlineData("null", " MEMBER_REQUIRED")]
    [InlineData("", " MEMBER_REQUIRED")]
    public async Task A_body_that_is_not_expected_is_refused_by_naming_the_place(string body, string errors)
    {
        await using var server = await Server.Start();
        using var browser = await server.SignedIn("cashier");
        var answer = await browser.Text("/api/v1/baskets", body);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Code.ShouldBe("BODY_INVALID");
        string.Join(',', answer.Errors).ShouldBe(errors);
        answer.Message.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        answer.Body.GetRawText().ShouldNotContain("Plug1.");
        answer.Body.GetRawText().ShouldNotContain("System.");
    }

    [Fact]
    public async Task Every_other_failure_is_a_problem_with_a_code()
    {
        await using var server = await Server.Start();
        using var browser = await server.SignedIn("cashier");
        var good = $$"""{"title":"a","quantity":"1.5","lines":[{{Line}}]}""";
        (await browser.Text("/api/v1/baskets", good)).Status.ShouldBe(HttpStatusCode.OK);
        Expect(await browser.Text("/api/v1/baskets", good, "text/plain"), 415, "MEDIA_TYPE_UNSUPPORTED");
        Expect(await browser.Text("/api/v1/baskets", good.Replace("\"a\"", $"\"{new string('a', 1_100_000)}\"")), 413, "BODY_TOO_LARGE");
        Expect(await browser.Get("/api/v1/nowhere"), 404, "NOT_FOUND");
        Expect(await browser.Get("/api/v1/users/not-an-id"), 404, "NOT_FOUND");
        Expect(await browser.Send("PATCH", "/api/v1/session", new { }), 405, "METHOD_NOT_ALLOWED");
        Expect(await browser.Get("/api/v1/number"), 400, "PARAMETER_INVALID");
        (await browser.Get("/api/v1/number?limit=many")).Errors.ShouldBe(["/limit PARAMETER_INVALID"]);
        Expect(await browser.Get("/api/v1/users?q=%00"), 400, "PARAMETER_INVALID");
    }

    [Fact]
    public async Task A_refusal_tells_its_code_its_place_and_what_helps()
    {
        await using var server = await Server.Start();
        using var browser = await server.SignedIn("cashier");
        var answer = await browser.Get("/api/v1/refused");
        Expect(answer, 409, "STOCK_SHORT");
        answer.Errors.ShouldBe(["/lines/0/quantity STOCK_SHORT"]);
        answer.Body.GetProperty("available").GetString().ShouldBe("2");
        answer.Body.GetProperty("title").GetString().ShouldBe("Conflict");
        answer.Body.GetProperty("type").GetString().ShouldBe("urn:plug1:problem:stock-short");
        answer.Body.TryGetProperty("incident", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task An_error_of_ours_tells_a_number_and_nothing_of_its_cause()
    {
        await using var server = await Server.Start();
        using var browser = await server.SignedIn("cashier");
        var answer = await browser.Get("/api/v1/broken");
        Expect(answer, 500, "INTERNAL_ERROR");
        answer.Body.GetProperty("incident").GetString()!.Length.ShouldBe(12);
        answer.Body.GetRawText().ShouldNotContain("ledger");
    }

    private static void Expect(Answered answer, int status, string code)
    {
        ((int)answer.Status, answer.Code).ShouldBe((status, code));
        answer.Message.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        answer.Message.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Message.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'");
    }
}
