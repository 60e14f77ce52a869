// What a Go developer does with the client that oapi-codegen generates.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"clients/generated"
)

const person = "0708850001"

func check(what string, holds bool, seen any) {
	if holds {
		fmt.Println("ok      " + what)
	} else {
		fmt.Printf("FAILED  %s: %s\n", what, seen)
	}
}

// must stops at what no answer can explain: a call that could not be made.
func must[T any](answer T, err error) T {
	if err != nil {
		fmt.Println("FAILED  a call:", err)
		os.Exit(1)
	}
	return answer
}

func interview(agreement string) generated.Interview {
	return generated.Interview{
		InterviewType: 7,
		ResponsibleAuthority: generated.InterviewResponsible{
			Authority:  generated.InterviewAuthority{Code: "15101", Name: "Jobcenter Eksempel", OrganisationType: 8},
			CaseWorker: generated.InterviewCaseWorker{GivenName: "Mette", Surname: "Sørensen", Identifier: "mbs"},
		},
		InterviewTime:        time.Now().Add(-time.Hour),
		ContactType:          1,
		AgreementDescription: agreement,
	}
}

func lookUp(ctx context.Context, client *generated.ClientWithResponses) {
	found := must(client.GetYouthContactsWithResponse(ctx, "0506085001", nil))
	check("a look-up finds a contact", found.JSON200 != nil && len(found.JSON200.Contacts) == 1, found.Body)
	refused := must(client.GetYouthContactsWithResponse(ctx, "0506085004", nil))
	problem := refused.ApplicationproblemJSON403
	check("a refusal has a name", problem != nil && strings.HasSuffix(problem.Type, "/youth-not-in-active-subscription"), refused.Body)
}

func register(ctx context.Context, client *generated.ClientWithResponses) {
	body := interview("Two applications a week.")
	created := must(client.CreateInterviewWithResponse(ctx, person, nil, body))
	answer := created.JSON201
	registered := answer != nil && answer.MessageIdentifier != nil
	check("a registration is answered 201", registered, created.Body)
	if !registered {
		return
	}
	location := created.HTTPResponse.Header.Get("Location")
	check("its Location names it", strings.HasSuffix(location, answer.MessageIdentifier.String()), location)
	changed := must(client.UpdateInterviewWithResponse(ctx, person, *answer.MessageIdentifier, nil, generated.InterviewChange{
		InterviewType:        body.InterviewType,
		ResponsibleAuthority: body.ResponsibleAuthority,
		InterviewTime:        body.InterviewTime,
		ContactType:          body.ContactType,
		AgreementDescription: "Three.",
		CorrectionComment:    "It was three.",
	}))
	check("a change is answered", changed.JSON200 != nil && changed.JSON200.MessageIdentifier == *answer.MessageIdentifier, changed.Body)
}

func report(ctx context.Context, client *generated.ClientWithResponses) {
	wishes := generated.JobWishes{Text: "Gartner", RegisteredAt: time.Now()}
	reported := must(client.ReportYouthWithResponse(ctx, "0506085001", nil, generated.YouthReport{JobWishes: &wishes}))
	check("a report is accepted", reported.JSON200 != nil && reported.JSON200.Accepted, reported.Body)
}

func registerWrongly(ctx context.Context, client *generated.ClientWithResponses) {
	wrong := must(client.CreateInterviewWithResponse(ctx, person, nil, interview("")))
	problem := wrong.ApplicationproblemJSON422
	if problem == nil || problem.Errors == nil || (*problem.Errors)[0].Pointer == nil {
		check("a wrong body is pointed at", false, wrong.Body)
		return
	}
	check("a wrong body is pointed at", *(*problem.Errors)[0].Pointer == "/agreementDescription", wrong.Body)
	check("and says that nothing was done", problem.Outcome != nil && *problem.Outcome == "not-executed", wrong.Body)
}

func main() {
	base, token := os.Args[1], os.Args[2]
	authorize := func(_ context.Context, request *http.Request) error {
		request.Header.Set("Authorization", "Bearer "+token)
		return nil
	}
	client := must(generated.NewClientWithResponses(base, generated.WithRequestEditorFn(authorize)))
	ctx := context.Background()
	lookUp(ctx, client)
	register(ctx, client)
	report(ctx, client)
	registerWrongly(ctx, client)
}
