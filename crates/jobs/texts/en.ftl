jobs-ended-already = This job has ended already
jobs-not-ended = This job has not ended yet
